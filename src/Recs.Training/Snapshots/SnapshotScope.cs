using Recs.Contracts;
using Recs.Contracts.Snapshots;
using Recs.EventStore;
using Recs.EventStore.Evolving;

namespace Recs.Training.Snapshots;

/// <summary>Which events a snapshot holds: the ratings and watches through a position, of streams that are not archived, past the filters.</summary>
internal sealed class SnapshotScope(long throughSequence, SnapshotFilters filters)
{
    /// <summary>The types of its events.</summary>
    public static IReadOnlyList<string> Aliases { get; } = [EventAliases.MovieRated, EventAliases.MovieWatched];

    private readonly string[]? _prefixes = filters.Sources?.Select(source => $"import:{source}:").ToArray(); // of the correlation ids of a source's facts

    /// <summary>Last log position.</summary>
    public long ThroughSequence => throughSequence;

    /// <summary>Whether bodies of an older shape may be among the events, which SQL cannot read.</summary>
    public static bool MayHoldOlderShapes(EventTypes types) => types.WithOlder(Aliases).Count > Aliases.Count;

    /// <summary>The condition on <c>mt_events</c>. It holds no parameters, since COPY takes none: its texts are constants of ours or quoted.</summary>
    public string Sql => $"seq_id <= {throughSequence} and type in ({string.Join(", ", Aliases.Select(Quote))}) and is_archived = false"
        + (_prefixes is null ? "" : $" and ({string.Join(" or ", _prefixes.Select(p => $"starts_with(correlation_id, {Quote(p)})").Append("false"))})");

    /// <summary>Whether the filters let an event through.</summary>
    public bool Admits(RecordedEvent e) => _prefixes is null || _prefixes.Any(p => e.CorrelationId?.StartsWith(p, StringComparison.Ordinal) == true);

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
