using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Contracts.Registry;
using Recs.EventStore.Reading;
using Recs.Training.Administering;

namespace Recs.Training.Registry;

/// <summary>A change of what is in production.</summary>
/// <param name="Sequence">Log position; in production from here on.</param>
/// <param name="Kind"><c>promoted</c> or <c>rolled_back</c>.</param>
/// <param name="Model">Model name.</param>
/// <param name="Version">In production from here on.</param>
/// <param name="Previous">In production just before, by the log's order; null for nothing.</param>
/// <param name="By">Who decided.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record ProductionChange(long Sequence, string Kind, string Model, string Version, string? Previous, string By, string Reason, DateTimeOffset At);

/// <summary>What was in production, and what a roll-back goes back to. A pure fold over the promotions and roll-backs of all models in log order.</summary>
/// <param name="Changes">In log order.</param>
/// <param name="Before">Versions that promotions replaced and no roll-back came back to yet; the last is what the next roll-back goes to.</param>
public sealed record ProductionHistory(IReadOnlyList<ProductionChange> Changes, IReadOnlyList<string> Before)
{
    /// <summary>Nothing was promoted yet.</summary>
    public static readonly ProductionHistory None = new([], []);

    /// <summary>What is in production; null before the first promotion.</summary>
    public ProductionChange? Current => Changes is [.., var last] ? last : null;

    /// <summary>Where a roll-back goes; null if production never was anything else.</summary>
    public string? RollsBackTo => Before is [.., var last] ? last : null;

    /// <summary>The state after one more decision; other events change nothing.</summary>
    public ProductionHistory Apply(object body, long sequence) => body switch
    {
        ModelPromoted e => new(
            [.. Changes, new(sequence, "promoted", e.Model, e.Version, Current?.Version, e.By, e.Reason, e.At)],
            Current is { } current && current.Version != e.Version ? [.. Before, current.Version] : Before),
        ModelRolledBack e => new(
            [.. Changes, new(sequence, "rolled_back", e.Model, e.Version, Current?.Version, e.By, e.Reason, e.At)],
            Through(e.Version)),
        _ => this,
    };

    /// <summary>The log position that a person means: a number, or the last one recorded until a moment in ISO 8601 (UTC unless it says otherwise); null if it is neither.</summary>
    public static async Task<long?> PositionAsync(EventReader reader, string at, CancellationToken cancel = default)
        => long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position
            : DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? await reader.PositionAtAsync(moment, cancel)
            : null;

    /// <summary>What stands before the last occurrence of a version; all of it if the version was not replaced by a promotion.</summary>
    private IReadOnlyList<string> Through(string version)
    {
        for (var i = Before.Count - 1; i >= 0; i--)
            if (Before[i] == version)
                return [.. Before.Take(i)];
        return Before;
    }
}

/// <summary>What <c>GET /models/history</c> answers.</summary>
/// <param name="ThroughSequence">Log position that was looked at; null for now.</param>
/// <param name="InProduction">The decision that put the version there which was in production then; null for nothing.</param>
/// <param name="Changes">Every decision until then, newest first.</param>
public sealed record ProductionAnswer(long? ThroughSequence, ProductionChange? InProduction, IReadOnlyList<ProductionChange> Changes);

/// <summary><c>GET /models/history</c>.</summary>
internal static class ProductionHistoryRoute
{
    public static void MapProductionHistory(this IEndpointRouteBuilder routes) => routes
        .MapGet("/models/history", HandleAsync).RequireAuthorization(AccessPolicies.Caller)
        .WithName("ModelHistory").WithTags("Models").WithSummary("What was in production at any past time, and why")
        .Produces<ProductionAnswer>().ProducesValidationProblem(400).ProducesProblem(401);

    private static async Task<IResult> HandleAsync(
        ListModels models, EventReader reader,
        [Description("A log position, or a moment in ISO 8601; now if left out.")] string? at, CancellationToken cancel)
    {
        long? through = null;
        if (at is not null)
        {
            through = await ProductionHistory.PositionAsync(reader, at, cancel);
            if (through is null)
                return Results.ValidationProblem(new Dictionary<string, string[]> { ["at"] = ["A log position (0 or more), or a moment such as 2026-01-31T12:00:00Z."] }, title: "The request is not valid.");
        }
        var history = await models.ProductionAsync(through ?? long.MaxValue, cancel);
        return Results.Json(new ProductionAnswer(through, history.Current, [.. history.Changes.Reverse()]), AdminJson.Default.ProductionAnswer);
    }
}
