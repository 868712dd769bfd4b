using Recs.Projections.UserHistory;

namespace Recs.Queries.People;

/// <summary>What a person did with a movie after it was served.</summary>
/// <param name="OpenedAt">When it was first opened; null if it was not.</param>
/// <param name="WatchedAt">When a minute of it was first watched.</param>
/// <param name="WatchedMinutes">Minutes watched in viewings that ended after it was served.</param>
/// <param name="RatedAt">When it was last rated.</param>
/// <param name="Rating">That rating, in stars.</param>
public sealed record Outcome(DateTimeOffset? OpenedAt, DateTimeOffset? WatchedAt, int WatchedMinutes, DateTimeOffset? RatedAt, double? Rating)
{
    /// <summary>Nothing.</summary>
    public static readonly Outcome None = new(null, null, 0, null, null);
}

/// <summary>
/// Joins slates with what the person did later, by event time. It has no window and does not ask which slate led to the deed (what counts as a success is for the
/// online metrics to define): a movie that was served twice and then watched shows in both.
/// </summary>
public sealed class SlateOutcomes
{
    private readonly ILookup<string, HistoryEntry> _entries;

    /// <summary>Sorts a history by movie.</summary>
    public SlateOutcomes(IEnumerable<HistoryEntry> entries) => _entries = entries.ToLookup(e => e.MovieId, StringComparer.Ordinal);

    /// <summary>What became of a movie served at a time.</summary>
    public Outcome Of(string movieId, DateTimeOffset served)
    {
        var from = served.ToUnixTimeMilliseconds();
        var outcome = Outcome.None;
        foreach (var entry in _entries[movieId])
            if (entry.LastAt >= from)
                outcome = Add(outcome, entry, Moment(entry.At >= from ? entry.At : entry.LastAt));
        return outcome;
    }

    private static Outcome Add(Outcome outcome, in HistoryEntry entry, DateTimeOffset at) => entry.Kind switch
    {
        HistoryKind.Opened => outcome with { OpenedAt = Earlier(outcome.OpenedAt, at) },
        HistoryKind.Watched => outcome with { WatchedAt = Earlier(outcome.WatchedAt, at), WatchedMinutes = outcome.WatchedMinutes + entry.Minutes },
        _ => outcome.RatedAt > at ? outcome : outcome with { RatedAt = at, Rating = entry.Value },
    };

    private static DateTimeOffset Earlier(DateTimeOffset? known, DateTimeOffset at) => known < at ? known.Value : at;

    private static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
