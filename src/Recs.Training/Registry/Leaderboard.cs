using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Training.Administering;

namespace Recs.Training.Registry;

/// <summary>A version's figures under one protocol: those of its last evaluation.</summary>
/// <param name="Rank">From 1, by the metric that was asked for; versions without it come last.</param>
/// <param name="Version">Version name.</param>
/// <param name="Model">Model name.</param>
/// <param name="SnapshotId">Data that it was fitted on: figures on different data differ for that reason too.</param>
/// <param name="Metrics">Figure by name, such as <c>ndcg@10</c>.</param>
/// <param name="EvaluatedAt">When it was judged.</param>
public sealed record LeaderboardRow(int Rank, string Version, string Model, string SnapshotId, IReadOnlyDictionary<string, double> Metrics, DateTimeOffset EvaluatedAt);

/// <summary>One protocol's table.</summary>
/// <param name="Protocol">Such as <c>leave-last-out</c>.</param>
/// <param name="Rows">Best first.</param>
public sealed record ProtocolTable(string Protocol, IReadOnlyList<LeaderboardRow> Rows);

/// <summary>Offline figures, a table for each protocol: figures of different protocols are never mixed.</summary>
/// <param name="Metric">What the rows are ordered by.</param>
/// <param name="Protocols">By name.</param>
public sealed record Leaderboard(string Metric, IReadOnlyList<ProtocolTable> Protocols)
{
    /// <summary>Makes the tables. Pure.</summary>
    /// <param name="versions">All versions.</param>
    /// <param name="metric">Order, the greatest first; the least for <c>rmse</c> and <c>mae</c>.</param>
    /// <param name="protocol">Only this protocol; null for all.</param>
    public static Leaderboard Of(IEnumerable<ModelVersion> versions, string metric, string? protocol = null) => new(
        metric,
        [
            .. versions.SelectMany(v => v.Evaluations.GroupBy(e => e.Protocol, StringComparer.Ordinal).Select(g => (Version: v, Last: g.Last())))
                .Where(e => protocol is null || e.Last.Protocol == protocol)
                .GroupBy(e => e.Last.Protocol, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new ProtocolTable(g.Key,
                [
                    .. g.OrderByDescending(e => e.Last.Metrics.TryGetValue(metric, out var value) ? metric is "rmse" or "mae" ? -value : value : double.NegativeInfinity)
                        .ThenBy(e => e.Version.Sequence)
                        .Select((e, i) => new LeaderboardRow(i + 1, e.Version.Trained.Version, e.Version.Trained.Model, e.Version.Trained.SnapshotId, e.Last.Metrics, e.Last.At)),
                ])),
        ]);
}

/// <summary><c>GET /leaderboard</c>.</summary>
internal static class LeaderboardRoute
{
    public static void MapLeaderboard(this IEndpointRouteBuilder routes) => routes
        .MapGet("/leaderboard", HandleAsync).RequireAuthorization(AccessPolicies.Caller)
        .WithName("Leaderboard").WithTags("Models").WithSummary("Offline figures of the versions, a table for each protocol")
        .Produces<Leaderboard>().ProducesProblem(401);

    private static async Task<IResult> HandleAsync(
        ListModels models,
        [Description("Only this protocol, such as leave-last-out.")] string? protocol,
        [Description("What the rows are ordered by; ndcg@10 if left out.")] string? metric, CancellationToken cancel)
        => Results.Json(Leaderboard.Of((await models.AllAsync(cancel)).Values.SelectMany(m => m.Versions), metric ?? "ndcg@10", protocol), AdminJson.Default.Leaderboard);
}
