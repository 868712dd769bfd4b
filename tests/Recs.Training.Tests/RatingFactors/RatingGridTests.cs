using Recs.Training.RatingFactors;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.RatingFactors;

public class RatingGridTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 90, movies: 70, watches: true);
    private static readonly RatingTable Table = RatingTable.Of(Histories.Of(Data), Data.Movies.Count);
    private static readonly RatingGrid Grid = RatingGrid.Of(Table, new(1, 2), 2);

    [Fact]
    public void Every_rating_lies_in_one_block()
    {
        var expected = Enumerable.Range(0, Table.Users).SelectMany(u => Enumerable.Range(Table.First[u], Table.First[u + 1] - Table.First[u]).Select(i => new Rating(u, Table.Movie[i], Table.Stars[i])));
        Blocks().SelectMany(block => Ratings(block)).ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public void No_two_blocks_of_a_row_share_a_movie_and_no_two_of_a_column_a_person()
    {
        foreach (var one in Blocks())
            foreach (var other in Blocks())
            {
                if (one.Users != other.Users)
                    Ratings(one).Select(r => r.User).Intersect(Ratings(other).Select(r => r.User)).ShouldBeEmpty();
                if (one.Movies != other.Movies)
                    Ratings(one).Select(r => r.Movie).Intersect(Ratings(other).Select(r => r.Movie)).ShouldBeEmpty();
            }
    }

    [Fact]
    public void Only_what_was_rated_is_in_the_table_with_its_last_rating()
    {
        var histories = Histories.Of(Data);
        for (var user = 0; user < histories.Users; user++)
        {
            var rated = histories.Of(user).ToArray().Zip(histories.HalfStarsOf(user).ToArray()).Where(pair => pair.Second > 0);
            Enumerable.Range(Table.First[user], Table.First[user + 1] - Table.First[user]).Select(i => (Table.Movie[i], (byte)(2 * Table.Stars[i]))).ShouldBe(rated);
        }

        ((double)Table.Scale.Mean).ShouldBe(Table.Stars.Average(s => (double)s), 1e-6);
        (Table.Scale.Lowest, Table.Scale.Highest).ShouldBe((Table.Stars.Min(), Table.Stars.Max()));
    }

    private static IEnumerable<(int Users, int Movies)> Blocks() => Enumerable.Range(0, RatingGrid.Side * RatingGrid.Side).Select(b => (b / RatingGrid.Side, b % RatingGrid.Side));

    private static Rating[] Ratings((int Users, int Movies) block)
    {
        var (first, end) = Grid.Block(block.Users, block.Movies);
        return Grid.Ratings[first..end];
    }
}
