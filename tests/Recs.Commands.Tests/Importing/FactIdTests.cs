using Recs.Commands.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class FactIdTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(978_300_760);

    /// <summary>Logs out there hold these ids: if this test fails, every import would be stored a second time.</summary>
    [Fact]
    public void Ids_never_change()
    {
        FactId.Rated("1", "1193", 10, At).ToString().ShouldBe("00e3c744-efc0-8704-864f-6f21965870ba");
        FactId.Watched("1", "1193", 10, At).ToString().ShouldBe("00e3c744-efc0-8a72-9b77-79d112f8fbe8");
        FactId.Movie("{}"u8).ToString().ShouldBe("00000000-0000-8ec7-a717-ab27e1ff17f5");
        FactId.User("{}"u8).ToString().ShouldBe("00000000-0000-8f7f-bf7b-1a9593fcfff5");
    }

    [Fact]
    public void Each_part_of_a_fact_makes_another_id()
    {
        Guid[] ids =
        [
            FactId.Rated("1", "23", 8, At), FactId.Rated("12", "3", 8, At), FactId.Rated("1", "24", 8, At), FactId.Rated("1", "23", 9, At), FactId.Rated("1", "23", 8, At.AddSeconds(1)),
            FactId.Rated("1", "23", 8, At.AddTicks(1)), FactId.Watched("1", "23", 8, At), FactId.Movie("a"u8), FactId.User("a"u8), FactId.Movie("b"u8),
        ];

        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public void The_same_moment_in_another_zone_is_the_same_fact() => FactId.Rated("1", "2", 8, At.ToOffset(TimeSpan.FromHours(5))).ShouldBe(FactId.Rated("1", "2", 8, At));

    [Fact]
    public void Ids_rise_with_the_time_of_the_fact_and_are_version_8()
    {
        var ids = Enumerable.Range(0, 50).Select(i => FactId.Rated($"{i * 7919 % 50}", "1", 8, At.AddSeconds(i))).ToList();

        ids.ShouldBe(ids.Order());
        ids.ShouldAllBe(id => id.Version == 8 && (id.Variant & 0xC) == 0x8);
    }
}
