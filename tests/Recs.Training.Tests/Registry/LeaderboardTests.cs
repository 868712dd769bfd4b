using Recs.Contracts.Registry;
using Recs.Training.Registry;

namespace Recs.Training.Tests.Registry;

public class LeaderboardTests
{
    [Fact]
    public void Each_protocol_has_its_own_table_with_the_last_figures_of_each_version_best_first()
    {
        ModelVersion[] versions =
        [
            Version(1, Judged("temporal", 0.9), Judged("leave-last-out", 0.3), Judged("leave-last-out", 0.1)),
            Version(2, Judged("leave-last-out", 0.2)),
            Version(3),
        ];
        var board = Leaderboard.Of(versions, "ndcg@10");
        board.Protocols.Select(p => p.Protocol).ShouldBe(["leave-last-out", "temporal"]);
        board.Protocols[0].Rows.Select(r => (r.Rank, r.Version, r.Metrics["ndcg@10"])).ShouldBe([(1, "m-v0.2", 0.2), (2, "m-v0.1", 0.1)]);
        board.Protocols[1].Rows.Select(r => r.Version).ShouldBe(["m-v0.1"]);
        Leaderboard.Of(versions, "ndcg@10", "temporal").Protocols.Single().Protocol.ShouldBe("temporal");
    }

    [Fact]
    public void Errors_are_better_when_they_are_smaller_and_versions_without_the_figure_come_last()
    {
        ModelVersion[] versions = [Version(1, Judged("random", 0.2)), Version(2, Judged("random", 0.9, "rmse")), Version(3, Judged("random", 0.8, "rmse"))];
        Leaderboard.Of(versions, "rmse").Protocols.Single().Rows.Select(r => r.Version).ShouldBe(["m-v0.3", "m-v0.2", "m-v0.1"]);
    }

    private static ModelVersion Version(int n, params ModelEvaluated[] evaluations) => new(
        new("t", "m", $"m-v0.{n}", "hash", "s1", "sha", 1, new Dictionary<string, string>(), 1, 1, "rev", false, [], 0, 0, DateTimeOffset.UnixEpoch), n, evaluations, []);

    private static ModelEvaluated Judged(string protocol, double value, string metric = "ndcg@10")
        => new("m", "m-v0.1", protocol, new Dictionary<string, double> { [metric] = value }, DateTimeOffset.UnixEpoch);
}
