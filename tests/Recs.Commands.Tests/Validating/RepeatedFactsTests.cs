using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Validating;

namespace Recs.Commands.Tests.Validating;

public sealed class RepeatedFactsTests
{
    [Fact]
    public void A_line_is_repeated_if_an_earlier_one_has_its_id()
    {
        var ids = Gen.Choose(1, 8).Select(n => Id(n)).ArrayOf();

        Prop.ForAll(ids.ToArbitrary(), lines =>
        {
            var expected = Enumerable.Range(0, lines.Length).Where(i => lines.Take(i).Contains(lines[i])).Select(i => (long)i).ToList();
            Find(lines).Order().ShouldBe(expected);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void More_lines_than_memory_holds_go_to_files_and_are_found_there()
    {
        // All in one part of the table, over several of its pages.
        var lines = Enumerable.Range(0, 10_000).Select(n => Id(n % 9_000)).ToArray();

        Find(lines).ShouldBe(Enumerable.Range(9_000, 1_000).Select(i => (long)i));
    }

    private static Guid Id(int n) => new(n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7);

    private static List<long> Find(Guid[] lines)
    {
        using var facts = new RepeatedFacts();
        var repeated = new List<long>();
        for (var i = 0; i < lines.Length; i++) facts.Add(lines[i], i);
        facts.Find(repeated.Add).ShouldBe(repeated.Count);
        return repeated;
    }
}
