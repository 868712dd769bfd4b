using Recs.Contracts.Registry;
using Recs.Training.Registry;

namespace Recs.Training.Tests.Registry;

public class ModelVersionsTests
{
    [Fact]
    public void The_stream_tells_versions_judgements_and_what_is_in_production()
    {
        object[] events =
        [
            Trained(1), Trained(2),
            new ModelEvaluated("m", "m-v0.1", "leave-last-out", new Dictionary<string, double> { ["hr@10"] = 0.2 }, DateTimeOffset.UnixEpoch),
            new ModelPromoted("m", "m-v0.2", null, "me", "better", DateTimeOffset.UnixEpoch),
            new ModelRolledBack("m", "m-v0.1", "m-v0.2", "me", "worse", DateTimeOffset.UnixEpoch),
        ];
        var state = events.Index().Aggregate(ModelVersions.None, (s, e) => s.Apply(e.Item, e.Index + 1, 100 + e.Index));
        (state.StreamVersion, state.InProduction, state.PromotedAt).ShouldBe((5, "m-v0.1", 104));
        state.Versions[0].Evaluations.Single().Metrics["hr@10"].ShouldBe(0.2);
        state.Versions[1].Promotions.Single().Reason.ShouldBe("better");
        state.NextVersion("m").ShouldBe("m-v0.3");
    }

    [Theory]
    [InlineData("linear-autoregression-v0.12", "linear-autoregression", "v0.12")]
    [InlineData("a-v-v0.1", "a-v", "v0.1")]
    public void A_version_s_name_is_taken_apart(string version, string model, string shortName) => ModelName.Parse(version).ShouldBe((model, shortName));

    [Theory]
    [InlineData("popularity")]
    [InlineData("popularity-v1.0")]
    [InlineData("popularity-v0.")]
    [InlineData("popularity-v0.01")]
    [InlineData("-v0.1")]
    public void What_is_no_version_is_refused(string version) => Should.Throw<ArgumentException>(() => ModelName.Parse(version));

    private static ModelTrained Trained(int n)
        => new("t", "m", $"m-v0.{n}", "hash", "s1", "sha", 1, new Dictionary<string, string>(), 1, 1, "rev", false, [], 0, 0, DateTimeOffset.UnixEpoch);
}
