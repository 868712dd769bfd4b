using Recs.Training.Fitting;
using Recs.Training.Scoring;

namespace Recs.Training.Tests.Scoring;

public class HistoryWeightsTests
{
    [Theory]
    [InlineData(3, 0.02)]
    [InlineData(0.2, 0)]
    [InlineData(7.5, 1)]
    public void A_weight_falls_from_one_to_the_floor(double tau, double floor)
    {
        var weights = Of(tau, floor);
        weights[0].ShouldBe(1);
        foreach (var age in new[] { 1, 5, 50, 200, 100_000 })
            ((double)weights[age]).ShouldBe(floor + ((1 - floor) * Math.Exp(-age / tau)), 1e-7);
    }

    [Fact]
    public void Without_a_floor_only_the_recent_movies_count_at_all()
    {
        Of(2, 0).Window.ShouldBe(40);
        Of(2, 0.01).Window.ShouldBe(int.MaxValue);
    }

    private static HistoryWeights Of(double tau, double floor)
        => HistoryWeights.Of(OptionValues.Parse(HistoryWeights.Options(1, 0, "a test"), new Dictionary<string, string> { ["tau"] = $"{tau}", ["floor"] = $"{floor}" }));
}
