using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;
using Recs.Training.Reranking;
using Recs.Training.Tests.Reranking;

namespace Recs.Training.Tests.Evaluating;

public class RerankedPersonTests
{
    /// <summary>Movies 0 to 3 are of genre 0, the worse movies 4 and 5 of genres of their own; movie 6 was given.</summary>
    private static readonly Film[] Movies = [new(10, [0]), new(9, [0]), new(8, [0]), new(7, [0]), new(6, [1]), new(5, [2]), new(11, [0])];

    private static RankedPerson Ranked(int length, double weight, params int[] targets)
        => RankedPerson.Reranked(
            Movies.Select(m => m.Score).ToArray(), new(0, [6], [8], targets, [.. targets.Select(_ => (byte)8)], [6]), length, new(Rerankers.Mmr, weight), new(), new Films(Movies));

    [Fact]
    public void The_list_is_the_re_ranker_s() => Ranked(3, 1, 5).Movies.ShouldBe([0, 4, 5]);

    [Fact]
    public void A_movie_that_was_lifted_into_the_list_is_found_where_it_stands() => (Ranked(3, 1, 5) is { BestRank: 3, Ranks: [3] }).ShouldBeTrue();

    [Theory]
    [InlineData(1, 4)] // 0, 4, 5, then 1
    [InlineData(3, 6)]
    public void Behind_the_list_the_scores_decide(int target, int rank)
    {
        var ranked = Ranked(3, 1, target);
        (ranked.BestRank, ranked.Ranks.Length).ShouldBe((rank, 0));
    }

    [Fact]
    public void Several_movies_to_be_found_have_their_ranks_in_order()
    {
        var ranked = Ranked(3, 1, 5, 1, 4);
        (ranked.BestRank, string.Join(',', ranked.Ranks)).ShouldBe((2, "2,3"));
    }

    [Fact]
    public void An_equal_score_counts_against_the_model()
    {
        Film[] equal = [new(1, []), new(1, []), new(1, [])];
        RankedPerson.Reranked(new float[] { 1, 1, 1 }, new(0, [], [], [0], [8], []), 2, new(Rerankers.Mmr, 0.1), new(), new Films(equal)).Movies.ShouldBe([1, 2]);
    }
}
