using Recs.Training.Neural;
using Recs.Training.People;

namespace Recs.Training.Tests.People;

public class RecencyBagsTests
{
    [Fact]
    public void A_mean_weighs_by_age_and_sums_to_one_and_the_next_forgets_four_times_as_slowly()
    {
        var bags = new RecencyBags(1, 2);
        var entries = Row(bags, 0, [7, 8, 9], -1);
        entries.Select(e => e.Which).ShouldBe([9, 8, 7]);
        entries.Sum(e => e.Weight).ShouldBe(1, 1e-6f);
        ((double)entries[1].Weight / entries[0].Weight).ShouldBe(Math.Exp(-1), 1e-6);
        var slower = Row(bags, 1, [7, 8, 9], -1);
        ((double)slower[1].Weight / slower[0].Weight).ShouldBe(Math.Exp(-0.25), 1e-6);
    }

    [Fact]
    public void A_movie_that_is_left_out_might_never_have_been_seen()
    {
        var bags = new RecencyBags(0.5, 1);
        for (var leftOut = 0; leftOut < 5; leftOut++)
            Row(bags, 0, [1, 2, 3, 4, 5], leftOut).ShouldBe(Row(bags, 0, [.. Enumerable.Range(1, 5).Where(m => m != leftOut + 1)], -1));
        Row(bags, 0, [1], 0).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_older_than_the_window_does_not_count()
    {
        var bags = new RecencyBags(1, 1);
        Row(bags, 0, [.. Enumerable.Range(0, 50)], -1).Count.ShouldBe(bags.Window);
    }

    private static List<(int Which, float Weight)> Row(RecencyBags bags, int bag, int[] history, int leftOut)
    {
        var entries = new BagEntries();
        entries.Begin(1);
        bags.AddRow(bag, history, leftOut, entries);
        return [.. Enumerable.Range(0, entries.Rows.Start[1]).Select(i => (entries.Rows.Which[i], entries.Rows.Weights![i]))];
    }
}
