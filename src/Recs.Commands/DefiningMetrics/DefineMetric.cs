using System.Text.RegularExpressions;
using Recs.Contracts;
using Recs.Contracts.Metrics;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;

namespace Recs.Commands.DefiningMetrics;

/// <summary>What shall count as a good outcome of a slate.</summary>
/// <param name="Name">1 to 64 lower-case letters, digits and hyphens, beginning with a letter.</param>
/// <param name="Outcomes">One or more of watched, rated, opened.</param>
/// <param name="Window">1 second to 7 days, whole seconds.</param>
/// <param name="Unit">slate, item or rating.</param>
/// <param name="MinimalRating">0.5 to 5, only with rated and a share; null for any.</param>
/// <param name="MinimalMinutes">1 to 1,000, only with watched; null for one.</param>
/// <param name="Reason">Why; the log keeps it.</param>
public sealed record MetricRequest(string Name, IReadOnlyList<string> Outcomes, TimeSpan Window, string Unit, double? MinimalRating, int? MinimalMinutes, string Reason);

/// <summary>Defines an online metric, or defines it anew: appends <c>metric_defined</c>. The projection then counts it over the whole past.</summary>
public sealed partial class DefineMetric(EventAppender appender, EventTypes types, TimeProvider clock)
{
    private static readonly string[] Outcomes = ["watched", "rated", "opened"];
    private static readonly string[] Units = ["slate", "item", "rating"];

    /// <summary>Name that is taken: the length of sessions is no definition.</summary>
    private const string Reserved = "session-length";

    /// <summary>Defines.</summary>
    /// <returns>The definition and its log position.</returns>
    /// <exception cref="ArgumentException">The request is not one that can be counted; the message says why.</exception>
    public async Task<(MetricDefined Defined, long Sequence)> RunAsync(MetricRequest request, string by, CancellationToken cancel = default)
    {
        var defined = Decide(request, by, clock.GetUtcNow());
        var result = await appender.AppendAsync(AppendRequest.One(StreamIds.Metric(defined.Name), types.Encode(Guid.CreateVersion7(defined.At), defined)), cancel);
        return (defined, result.LastSequence);
    }

    /// <summary>The decision alone.</summary>
    /// <exception cref="ArgumentException">The request is not one that can be counted; the message says why.</exception>
    public static MetricDefined Decide(MetricRequest request, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!Named().IsMatch(request.Name) || request.Name == Reserved)
            throw new ArgumentException($"A metric's name is 1 to 64 lower-case letters, digits and hyphens, begins with a letter and is not {Reserved}; found '{request.Name}'.");
        if (request.Outcomes.Count == 0 || request.Outcomes.FirstOrDefault(o => !Outcomes.Contains(o, StringComparer.Ordinal)) is not null)
            throw new ArgumentException($"A metric counts one or more of {string.Join(", ", Outcomes)}; found '{string.Join(',', request.Outcomes)}'.");
        if (!Units.Contains(request.Unit, StringComparer.Ordinal))
            throw new ArgumentException($"A metric's unit is one of {string.Join(", ", Units)}; found '{request.Unit}'.");
        if (request.Window < TimeSpan.FromSeconds(1) || request.Window > TimeSpan.FromDays(7) || request.Window.Ticks % TimeSpan.TicksPerSecond != 0)
            throw new ArgumentException($"A window is 1 second to 7 days, in whole seconds; found {request.Window}.");
        if (request.Unit == "rating" && (request.Outcomes is not ["rated"] || request.MinimalRating is not null))
            throw new ArgumentException("The error of predicted ratings (unit rating) counts the outcome rated alone, and every rating.");
        if (request.MinimalRating is { } stars && (!(stars is >= 0.5 and <= 5) || !request.Outcomes.Contains("rated", StringComparer.Ordinal)))
            throw new ArgumentException($"A minimal rating is 0.5 to 5 stars and needs the outcome rated; found {stars}.");
        if (request.MinimalMinutes is { } minutes && (minutes is < 1 or > 1000 || !request.Outcomes.Contains("watched", StringComparer.Ordinal)))
            throw new ArgumentException($"Minimal minutes are 1 to 1,000 and need the outcome watched; found {minutes}.");
        if (string.IsNullOrWhiteSpace(request.Reason))
            throw new ArgumentException("A definition needs a reason: the log keeps it.");
        return new(
            request.Name, [.. Outcomes.Where(o => request.Outcomes.Contains(o, StringComparer.Ordinal))], (int)request.Window.TotalSeconds, request.Unit, request.MinimalRating,
            request.MinimalMinutes, by, request.Reason, now);
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
