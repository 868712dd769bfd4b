using Recs.Training.Evaluating.Protocols;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating.Protocols;

public class TimeOrderTests
{
    private static InteractionSet Of(params (string User, string Movie, long At)[] ratings)
    {
        var builder = new InteractionSetBuilder();
        foreach (var (user, movie, at) in ratings)
            builder.Add(user, movie, 6, at);
        return builder.Build();
    }

    [Fact]
    public void Time_decides_and_then_the_position_in_the_source()
    {
        var ordered = TimeOrder.Of(Of(("a", "z", 2), ("a", "y", 1), ("a", "x", 2), ("a", "w", 1)));
        ordered.Movie.ToArray().Select(m => ordered.Movies[m]).ShouldBe(["y", "w", "z", "x"]);
        TimeOrder.Of(ordered).ShouldBeSameAs(ordered);
    }

    [Fact]
    public void With_ties_by_hash_the_order_of_the_source_does_not_matter()
    {
        (string, string, long)[] ratings = [.. Enumerable.Range(0, 20).Select(i => ("a", $"m{i}", i / 10L))];
        var one = TimeOrder.Of(Of(ratings), TimeTies.Hash);
        TimeOrder.Of(Of([.. ratings.Reverse()]), TimeTies.Hash).Movie.ToArray().ShouldBe(one.Movie.ToArray());
        one.At.ToArray().ShouldBeInOrder();
        one.Movie.ToArray().ShouldNotBe(TimeOrder.Of(Of(ratings)).Movie.ToArray());
    }

    [Fact]
    public void Users_whose_last_movie_the_order_of_lines_decides_are_counted()
        => TimeOrder.UsersWithTiedLast(Of(("a", "x", 1), ("a", "y", 1), ("b", "x", 1), ("b", "y", 2), ("c", "x", 3), ("c", "y", 3), ("c", "z", 4))).ShouldBe(1);
}
