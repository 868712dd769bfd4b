using Recs.Training.Evaluating.Figures;

namespace Recs.Training.Tests.Evaluating.Figures;

/// <summary>Worked by hand: three movies to be found, at ranks 2, 3 and 7.</summary>
public class RankingMetricsTests
{
    private static readonly int[] Ranks = [2, 3, 7];

    [Theory]
    [InlineData(1, 0, 0, 0, 0)]
    [InlineData(2, 1, 0.5, 1.0 / 3, 0.25)] // average precision: 1/2 over the two that could be found
    [InlineData(5, 1, 0.4, 2.0 / 3, 0.388888888888889)] // (1/2 + 2/3) / 3
    [InlineData(10, 1, 0.3, 1, 0.531746031746032)] // (1/2 + 2/3 + 3/7) / 3
    public void Hit_ratio_precision_recall_and_average_precision(int k, double hr, double precision, double recall, double averagePrecision)
    {
        RankingMetrics.HitRatio(Ranks, k).ShouldBe(hr);
        RankingMetrics.Precision(Ranks, k).ShouldBe(precision, 1e-12);
        RankingMetrics.Recall(Ranks, 3, k).ShouldBe(recall, 1e-12);
        RankingMetrics.AveragePrecision(Ranks, 3, k).ShouldBe(averagePrecision, 1e-12);
    }

    [Fact]
    public void Ndcg_is_the_gain_over_that_of_the_best_list()
    {
        // Discounts of ranks 1, 2, 3, 7: 1, 0.6309297536, 0.5, 0.3333333333.
        RankingMetrics.Ndcg(Ranks, 3, 10).ShouldBe((0.6309297535714575 + 0.5 + (1.0 / 3)) / 2.1309297535714578, 1e-12);
        RankingMetrics.Ndcg(Ranks, 3, 2).ShouldBe(0.6309297535714575 / 1.6309297535714575, 1e-12);
        RankingMetrics.Ndcg([1], 1, 10).ShouldBe(1);
        RankingMetrics.Ndcg([3], 1, 10).ShouldBe(0.5, 1e-12);
    }

    [Fact]
    public void Reciprocal_rank_is_that_of_the_first() => RankingMetrics.ReciprocalRank(4).ShouldBe(0.25);
}
