using Recs.Training.Scoring;

namespace Recs.Training.Tests.Scoring;

public class SlateRankingTests
{
    [Fact]
    public void Movies_of_the_history_are_left_out_and_ties_go_to_the_lower_id()
    {
        float[] scores = [5, 9, 1, 9, 7];
        SlateRanking.LeaveOut(scores, [1]);
        var movies = new int[3];
        SlateRanking.TopK(scores, movies, new float[3]).ShouldBe(3);
        movies.ShouldBe([3, 4, 0]);
        float[] tied = [2, 2, 2];
        SlateRanking.TopK(tied, movies, new float[3]);
        movies.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Only_allowed_movies_are_kept()
    {
        var scores = Enumerable.Range(0, 70).Select(i => (float)i).ToArray();
        SlateRanking.KeepOnly(scores, [1UL << 3 | 1UL << 40, 1UL << 5]);
        var movies = new int[5];
        SlateRanking.TopK(scores, movies, new float[5]).ShouldBe(3);
        movies[..3].ShouldBe([69, 40, 3]);
    }

    [Fact]
    public void A_mask_that_is_too_short_is_refused() => Should.Throw<ArgumentException>(() => SlateRanking.KeepOnly(new float[65], new ulong[1]));
}
