using Recs.Training.Evaluating.Protocols;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating.Protocols;

public class TemporalTests
{
    private static InteractionSet TenRatings()
    {
        var builder = new InteractionSetBuilder();
        foreach (var (user, movie) in new[] { ("a", "m0"), ("a", "m1"), ("b", "m0"), ("a", "m2"), ("b", "m1"), ("b", "m2"), ("c", "m0"), ("c", "m1"), ("a", "m3"), ("b", "m3") })
            builder.Add(user, movie, 8, builder.Count);
        return builder.Build();
    }

    [Fact]
    public void The_last_tenth_is_to_be_found_and_the_tenth_before_it_is_given_to_nobody()
    {
        var split = new Temporal().Cut(TenRatings(), 1).Single();
        split.Train.Count.ShouldBe(8);
        var b = split.People.ShouldHaveSingleItem();
        (b.User, b.Targets.Single()).ShouldBe((1, 3));
        b.Given.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Hyper_parameters_are_chosen_on_the_tenth_in_between()
    {
        var split = new Temporal().CutForTuning(TenRatings(), 1);
        split.Train.Count.ShouldBe(8);
        var a = split.People.ShouldHaveSingleItem();
        (a.User, a.Targets.Single()).ShouldBe((0, 3));
    }

    [Fact]
    public void All_that_somebody_rates_in_the_judged_time_is_to_be_found_except_what_they_had_rated_before()
    {
        var data = GeneratedData.Interactions(users: 30, movies: 40, perUser: 40);
        var (trained, seen) = (data.Count * 8 / 10, data.Count * 9 / 10);
        var split = new Temporal().Cut(data, 1).Single();
        foreach (var person in split.People)
        {
            int[] Movies(int from, int to) => [.. Enumerable.Range(from, to - from).Where(i => data.User[i] == person.User).Select(i => data.Movie[i]).Distinct().Order()];
            person.Given.Order().ShouldBe(Movies(0, trained));
            person.LeftOut.Order().ShouldBe(Movies(0, seen));
            person.Targets.Order().ShouldBe(Movies(seen, data.Count).Except(Movies(0, seen)));
        }
    }
}
