using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.UserStates;

namespace Recs.Queries.Serving;

/// <summary>What a slate is found from, all of it as of one log position.</summary>
/// <param name="Model">Scores.</param>
/// <param name="Catalogue">Movies.</param>
/// <param name="User">The person's history.</param>
/// <param name="Through">Log position: everything at or below it is in the three above, and nothing past it.</param>
internal readonly record struct SlateGround(LiveModel Model, CatalogueState Catalogue, KnownUser User, long Through);

/// <summary>All that one answer was made from, in one place for the event, the JSON and the headers. A caller without trust is not shown exact scores.</summary>
internal readonly record struct ServedSlate(
    Guid RequestId, RecommendQuery Query, SlateRules Rules, SlateGround Ground, string Channel, bool Recorded, bool Exact, double LatencyMs, DateTimeOffset At);

/// <summary>Memory that one request works in, rented and given back.</summary>
internal sealed class RequestScratch
{
    public Slate Slate { get; } = new();
    public SlateReasons Reasons { get; } = new();
    public Utf8Text Event { get; } = new();
    public Utf8Text Answer { get; } = new();
}
