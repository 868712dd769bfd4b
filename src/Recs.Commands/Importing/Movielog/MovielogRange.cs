using Recs.Contracts;
using Recs.EventStore.Appending;
using Recs.EventStore.Importing;

namespace Recs.Commands.Importing.Movielog;

/// <summary>What a stretch of lines came to; its counts and its rejects commit with its events.</summary>
/// <param name="to">Position behind it, in bytes.</param>
/// <param name="events">Events, inferred movies among them.</param>
/// <param name="lines">Lines.</param>
/// <param name="rows">Lines that are not blank.</param>
/// <param name="rejects">Lines that were not taken.</param>
/// <param name="tables">Where counts and rejects are kept.</param>
/// <param name="release">Gives the memory of the events back.</param>
internal sealed class MovielogRange(
    long to, Memory<ImportedEvent> events, long lines, long rows, IReadOnlyList<Reject> rejects, ImportTables tables, Action release)
    : ImportRange(to, events)
{
    public override void Release() => release();

    public override IReadOnlyList<SideRow> SideRows(ReadOnlySpan<ImportedEvent> stored)
    {
        var movies = 0L;
        foreach (ref readonly var e in stored)
            if (ReferenceEquals(e.Event.Type, EventAliases.MovieAdded)) movies++;
        var added = stored.Length - movies;
        var tally = new Dictionary<string, long>
        {
            [ImportTables.Lines] = lines,
            [ImportTables.Rows] = rows,
            [ImportTables.Stored] = added,
            [ImportTables.Duplicates] = rows - rejects.Count - added,
            [ImportTables.Movies] = movies,
        };
        foreach (var reject in rejects) tally[reject.Reason] = tally.GetValueOrDefault(reject.Reason) + 1;
        return rejects.Count == 0 ? [tables.Count(tally)] : [tables.Count(tally), tables.Keep(rejects)];
    }
}
