using System.Text.Json.Serialization;
using Recs.Contracts.Metrics;

namespace Recs.Projections.OnlineMetrics;

/// <summary>What a metric is a share of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MetricUnit>))]
public enum MetricUnit
{
    /// <summary>Slates with at least one counting movie, of all slates.</summary>
    [JsonStringEnumMemberName("slate")] Slate,
    /// <summary>Counting movies, of all served movies.</summary>
    [JsonStringEnumMemberName("item")] Item,
    /// <summary>No share: the root mean squared error of predicted ratings against those given.</summary>
    [JsonStringEnumMemberName("rating")] Rating,
}

/// <summary>A definition of a good outcome. It is data: the last <c>metric_defined</c> of a name holds for the whole past; <see cref="BuiltIn"/> holds until there is one.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Outcomes">What counts: watched, rated, opened.</param>
/// <param name="Window">How long after the slate it counts, both ends included, to the millisecond.</param>
/// <param name="Unit">What the metric is a share of.</param>
/// <param name="MinimalRating">A rating counts from this many stars on; null: any.</param>
/// <param name="MinimalMinutes">A movie counts as watched from this many different minutes inside the window on.</param>
/// <param name="By">Who defined it; null for one that is built in.</param>
/// <param name="Reason">Why; null for one that is built in.</param>
/// <param name="At">When; null for one that is built in.</param>
public sealed record MetricDefinition(
    string Name, IReadOnlyList<string> Outcomes, [property: JsonIgnore] TimeSpan Window, MetricUnit Unit, double? MinimalRating = null, int MinimalMinutes = 1,
    string? By = null, string? Reason = null, DateTimeOffset? At = null)
{
    private static readonly string[] Kinds = ["watched", "rated", "opened"];

    /// <summary>Name under which the length of sessions is kept. It is no definition: a session ends where a person does nothing for <see cref="SessionGap"/>.</summary>
    public const string SessionLength = "session-length";

    /// <summary>Longest silence inside a session.</summary>
    public static readonly TimeSpan SessionGap = TimeSpan.FromMinutes(30);

    /// <summary>The metrics that exist without any event.</summary>
    public static IReadOnlyList<MetricDefinition> BuiltIn { get; } =
    [
        new("success", ["watched"], TimeSpan.FromMinutes(30), MetricUnit.Slate),
        new("watch-through", ["watched"], TimeSpan.FromHours(1), MetricUnit.Slate),
        new("click-through", ["opened"], TimeSpan.FromHours(1), MetricUnit.Slate),
        new("rating-error", ["rated"], TimeSpan.FromHours(24), MetricUnit.Rating),
    ];

    private readonly bool[] _counts = [.. Kinds.Select(k => Outcomes.Contains(k, StringComparer.Ordinal))];
    private readonly int _minimalThousandths = MinimalRating is { } stars ? (int)Math.Round(stars * 1000) : int.MinValue;

    /// <summary><see cref="Window"/> in seconds.</summary>
    public int WindowSeconds => (int)Window.TotalSeconds;

    internal long WindowMilliseconds { get; } = (long)Window.TotalMilliseconds;

    /// <summary>The built-in definitions, each replaced by the last one of its name, then the others, in ordinal order of their names.</summary>
    public static IReadOnlyList<MetricDefinition> InForce(IEnumerable<MetricDefinition> defined)
    {
        var byName = BuiltIn.ToDictionary(d => d.Name, StringComparer.Ordinal);
        foreach (var definition in defined) byName[definition.Name] = definition;
        return [.. byName.Values.OrderBy(d => d.Name, StringComparer.Ordinal)];
    }

    /// <summary>The definition in an event.</summary>
    /// <exception cref="FormatException">It names an outcome or a unit that there is not.</exception>
    public static MetricDefinition Of(MetricDefined e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (!Enum.TryParse<MetricUnit>(e.Unit, ignoreCase: true, out var unit)) throw new FormatException($"The metric '{e.Name}' has the unknown unit '{e.Unit}'.");
        if (e.Outcomes.FirstOrDefault(o => !Kinds.Contains(o, StringComparer.Ordinal)) is { } unknown)
            throw new FormatException($"The metric '{e.Name}' counts the unknown outcome '{unknown}'.");
        return new(e.Name, e.Outcomes, TimeSpan.FromSeconds(e.WindowSeconds), unit, e.MinimalRating, e.MinimalMinutes ?? 1, e.By, e.Reason, e.At);
    }

    /// <summary>Whether outcomes of the kind can count at all.</summary>
    internal bool Counts(OutcomeKind kind) => _counts[(int)kind - 1];

    /// <summary>Whether the outcome may count for a slate that recommended its movie at a time (minutes of watching still have to add up).</summary>
    internal bool Admits(long servedAt, in Outcome outcome)
        => Counts(outcome.Kind) && outcome.At >= servedAt && outcome.At - servedAt <= WindowMilliseconds
            && (outcome.Kind != OutcomeKind.Rated || outcome.Value >= _minimalThousandths);
}
