using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Snapshots;

public class IdMapTests
{
    [Fact]
    public void Dense_ids_follow_ordinal_order()
    {
        var map = IdMap.Of(["b", "10", "2", "B", "a+b"]);
        map.Ids.ShouldBe(["10", "2", "B", "a+b", "b"]);
        map.Find("B").ShouldBe(2);
        map[2].ShouldBe("B");
        map.Find("c").ShouldBe(-1);
    }

    [Fact]
    public void An_id_that_occurs_twice_is_refused() => Should.Throw<ArgumentException>(() => IdMap.Of(["a", "b", "a"])).Message.ShouldContain("'a'");
}
