using Recs.Training.People;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.People;

public class HistoryCutsTests
{
    [Fact]
    public void Everybody_is_cut_equally_often_between_the_first_and_the_last_movie()
    {
        var cuts = Cuts(GeneratedData.Interactions(), seed: 1);
        var epoch = cuts.Of(3);
        epoch.CountBy(cut => cut.Person).ShouldAllBe(person => person.Value == 5);
        Array.TrueForAll(epoch, cut => cut.Length >= 1 && cut.Length < cuts.HistoryOf(cut.Person).Length).ShouldBeTrue();
        epoch.Select(cut => cut.Length).Distinct().Count().ShouldBeGreaterThan(10);
    }

    [Fact]
    public void An_epoch_is_a_function_of_seed_and_number()
    {
        var cuts = Cuts(GeneratedData.Interactions(), seed: 1);
        cuts.Of(0); // what was asked before does not matter
        cuts.Of(2).ShouldBe(Cuts(GeneratedData.Interactions(), seed: 1).Of(2));
        cuts.Of(2).ShouldNotBe(cuts.Of(1));
        cuts.Of(2).ShouldNotBe(Cuts(GeneratedData.Interactions(), seed: 2).Of(2));
    }

    [Fact]
    public void What_is_kept_back_is_never_told()
    {
        var data = GeneratedData.Interactions(users: 64);
        var histories = Histories.Of(data);
        var cuts = Cuts(data, seed: 1);
        Enumerable.Range(0, cuts.People).Sum(person => cuts.HistoryOf(person).Length).ShouldBe(histories.Count - 2); // one of 32 people
    }

    private static HistoryCuts Cuts(InteractionSet data, ulong seed)
        => new(Histories.Of(data), data.Demographics, [.. Enumerable.Range(0, data.Movies.Count)], perPerson: 5, seed);
}
