using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Snapshots;

public class CoOccurrencesTests
{
    [Fact]
    public void A_pair_s_count_is_the_number_of_people_with_both_movies() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 5), Gen.Choose(0, 6))).ToArbitrary(), facts =>
        {
            var builder = new InteractionSetBuilder();
            foreach (var (user, movie) in facts)
                builder.Add($"u{user}", $"m{movie}", 0, 0);
            var set = builder.Build();
            // Every second movie has a row.
            int[] row = [.. Enumerable.Range(0, set.Movies.Count).Select(m => m % 2 == 0 ? m / 2 : -1)];
            var pairs = new CoOccurrences(Histories.Of(set), row, (set.Movies.Count + 1) / 2);
            int[] whole = new int[pairs.Rows], upper = new int[pairs.Rows];
            for (var i = 0; i < pairs.Rows; i++)
            {
                pairs.CountRow(i, whole);
                pairs.CountUpper(i, upper);
                pairs.People(i).ShouldBe(whole[i]);
                for (var j = 0; j < pairs.Rows; j++)
                    whole[j].ShouldBe(Both(set, 2 * i, 2 * j));
                upper[i..].ShouldBe(whole[i..]);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static int Both(InteractionSet set, int a, int b) => Enumerable.Range(0, set.Users.Count).Count(user => Has(set, user, a) && Has(set, user, b));

    private static bool Has(InteractionSet set, int user, int movie) => Enumerable.Range(0, set.Count).Any(i => set.User[i] == user && set.Movie[i] == movie);
}
