using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Snapshots;

public class HistoriesTests
{
    [Fact]
    public void A_movie_stands_where_it_was_last_seen() => Histories.Of(Watched([(0, 1), (0, 2), (0, 3), (0, 1)])).Of(0).ToArray().ShouldBe([1, 2, 0]); // ids 2, 3, 1

    [Fact]
    public void They_agree_with_a_fold_that_moves_a_movie_to_the_end() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 3), Gen.Choose(0, 5))).ToArbitrary(), facts =>
        {
            var set = Watched(facts);
            var histories = Histories.Of(set);
            for (var user = 0; user < set.Users.Count; user++)
            {
                var expected = new List<string>();
                foreach (var (u, m) in facts.Where(f => $"u{f.Item1}" == set.Users[user]))
                {
                    expected.Remove($"m{m}");
                    expected.Add($"m{m}");
                }

                histories.Of(user).ToArray().Select(m => set.Movies[m]).ShouldBe(expected);
                histories.At.Slice(histories.Start(user), expected.Count).ToArray()
                    .ShouldBe(expected.Select(m => (long)Array.FindLastIndex(facts, f => ($"u{f.Item1}", $"m{f.Item2}") == (set.Users[user], m))));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_last_rating_of_a_movie_stands_also_if_it_was_watched_again()
    {
        var builder = new InteractionSetBuilder();
        foreach (var (movie, halfStars) in new[] { ("a", 4), ("b", 10), ("a", 7), ("c", 0), ("a", 0) })
            builder.Add("u", movie, (byte)halfStars, 1);
        var histories = Histories.Of(builder.Build());
        histories.Of(0).ToArray().ShouldBe([1, 2, 0]);
        histories.HalfStarsOf(0).ToArray().ShouldBe([10, 0, 7]);
    }

    private static InteractionSet Watched((int User, int Movie)[] facts)
    {
        var builder = new InteractionSetBuilder();
        for (var i = 0; i < facts.Length; i++)
            builder.Add($"u{facts[i].User}", $"m{facts[i].Movie}", 0, i);
        return builder.Build();
    }
}
