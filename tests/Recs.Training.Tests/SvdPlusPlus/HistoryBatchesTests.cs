using Recs.Training.RatingFactors;
using Recs.Training.Snapshots;
using Recs.Training.SvdPlusPlus;

namespace Recs.Training.Tests.SvdPlusPlus;

public class HistoryBatchesTests
{
    private const int Shares = 8;
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 90, movies: 30, perUser: 12, watches: true);
    private static readonly Histories People = Histories.Of(Data);
    private static readonly RatingTable Ratings = RatingTable.Of(People, Data.Movies.Count);
    private static readonly HistoryBatches Batches = HistoryBatches.Of(People, Ratings, new(1, 1));

    [Fact]
    public void Everybody_with_a_rating_is_in_one_batch()
        => Enumerable.Range(0, Batches.Count).SelectMany(b => Batches.Members(b).ToArray()).ShouldBe(Enumerable.Range(0, People.Users).Where(u => Ratings.First[u] < Ratings.First[u + 1]), ignoreOrder: true);

    [Fact]
    public void Every_movie_of_every_history_occurs_once_with_its_rating()
    {
        for (var batch = 0; batch < Batches.Count; batch++)
        {
            var members = Batches.Members(batch).ToArray();
            var found = Enumerable.Range(0, Shares).SelectMany(s => Batches.Share(batch, s, Shares).ToArray()).ToArray();
            found.Select(o => (members[o.Member], o.Movie)).ShouldBe(members.SelectMany(u => People.Of(u).ToArray().Select(m => (u, m))), ignoreOrder: true);
            foreach (var (movie, member, rating) in found)
            {
                var halfStars = People.HalfStarsOf(members[member])[People.Of(members[member]).IndexOf(movie)];
                (rating < 0 ? 0 : 2 * Ratings.Stars[rating]).ShouldBe(halfStars);
                if (rating >= 0)
                    Ratings.Movie[rating].ShouldBe(movie);
            }
        }
    }

    [Fact]
    public void No_two_shares_of_a_batch_have_a_movie_in_common()
    {
        for (var batch = 0; batch < Batches.Count; batch++)
        {
            var movies = Enumerable.Range(0, Shares).SelectMany(s => Batches.Share(batch, s, Shares).ToArray().Select(o => o.Movie).Distinct()).ToArray();
            movies.ShouldBeUnique();
        }
    }
}
