namespace Recs.Contracts.Metrics;

/// <summary>What counts as a good outcome of a slate was defined, or defined anew. Stream <c>metric-{Name}</c>; the last one holds for the whole past.</summary>
/// <param name="Name">Name of the metric: 1 to 64 lower-case letters, digits and hyphens, such as <c>success</c>.</param>
/// <param name="Outcomes">What a person may do with a recommended movie so that it counts: <c>watched</c>, <c>rated</c>, <c>opened</c>; one or more.</param>
/// <param name="WindowSeconds">How long after the slate it counts, 1 to 604,800 (7 days), both ends included.</param>
/// <param name="Unit">What the rate is a share of: <c>slate</c> or <c>item</c>; or <c>rating</c>: no rate, but the error of predicted ratings.</param>
/// <param name="MinimalRating">A rating counts from this many stars on, 0.5 to 5; null: any.</param>
/// <param name="MinimalMinutes">A movie counts as watched from this many different minutes inside the window on; null: from the first.</param>
/// <param name="By">Who defined it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record MetricDefined(
    string Name, IReadOnlyList<string> Outcomes, int WindowSeconds, string Unit, double? MinimalRating, int? MinimalMinutes, string By, string Reason, DateTimeOffset At);
