using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.UserStates;

namespace Recs.Queries.Serving;

/// <summary>All that one answer was made from, in one place for the event, the JSON and the headers.</summary>
internal readonly record struct ServedSlate(
    Guid RequestId, RecommendQuery Query, SlateFilter Filter, LiveModel Model, CatalogueState Catalogue, KnownUser User, long ThroughSequence,
    string Channel, double LatencyMs, DateTimeOffset At);

/// <summary>Memory that one request works in, rented and given back.</summary>
internal sealed class RequestScratch
{
    public Slate Slate { get; } = new();
    public Utf8Text Event { get; } = new();
    public Utf8Text Answer { get; } = new();
}
