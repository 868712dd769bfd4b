using Npgsql;
using Recs.EventStore.Appending;

namespace Recs.EventStore.Importing;

/// <summary>
/// First stage of an import, in the order of the input: reads a range, leaves out what the log holds already, and counts the streams' versions
/// on from the state that it found when it first met them.
/// </summary>
internal sealed class RangePlanner(NpgsqlConnection connection, string schema, IImportSource input)
{
    private readonly Dictionary<string, long> versions = new(StringComparer.Ordinal);

    /// <summary>Plans the range <c>[from, to)</c>.</summary>
    /// <param name="from">First position.</param>
    /// <param name="to">Position after the last.</param>
    /// <param name="inFlight">Ranges before this one that may not be committed yet: the log does not show their ids.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="StreamArchivedException">The range has an event for an archived stream.</exception>
    public async Task<PlannedRange> PlanAsync(long from, long to, IReadOnlyCollection<PlannedRange> inFlight, CancellationToken cancel)
    {
        var buffer = new ImportedEvent[to - from];
        input.Read(from, buffer);
        var known = await FindKnownAsync(buffer, cancel);
        var range = new PlannedRange(from, to, buffer);
        foreach (ref readonly var e in buffer.AsSpan())
            if (!known.Contains(e.Event.Id) && !IsIn(inFlight, e.Event.Id) && range.Ids.Add(e.Event.Id)) range.Keep(in e);
        await CountVersionsAsync(range, cancel);
        return range;
    }

    private static bool IsIn(IReadOnlyCollection<PlannedRange> ranges, Guid id)
    {
        foreach (var range in ranges)
            if (range.Ids.Contains(id)) return true;
        return false;
    }

    /// <summary>
    /// Ids of the events that the log holds. Ids that begin with a time lie together, so that one walk over the index from the lowest to the highest
    /// finds all or, in a fresh log, that there are none. Where too much else lies between, each id is looked up.
    /// </summary>
    private async Task<HashSet<Guid>> FindKnownAsync(ImportedEvent[] events, CancellationToken cancel)
    {
        var (lowest, highest) = (events[0].Event.Id, events[0].Event.Id);
        foreach (ref readonly var e in events.AsSpan())
        {
            if (e.Event.Id.CompareTo(lowest) < 0) lowest = e.Event.Id;
            if (e.Event.Id.CompareTo(highest) > 0) highest = e.Event.Id;
        }
        var limit = 2 * events.Length;
        var known = new HashSet<Guid>();
        await using (var between = new NpgsqlCommand($"select id from {schema}.mt_events where id between $1 and $2 limit {limit + 1}", connection))
        {
            between.Parameters.Add(new() { Value = lowest });
            between.Parameters.Add(new() { Value = highest });
            await ReadIdsAsync(between, known, cancel);
        }
        if (known.Count <= limit) return known;
        known.Clear();
        await using var each = new NpgsqlCommand($"select id from {schema}.mt_events where id = any($1)", connection);
        each.Parameters.Add(new() { Value = Array.ConvertAll(events, e => e.Event.Id) });
        await ReadIdsAsync(each, known, cancel);
        return known;
    }

    private static async Task ReadIdsAsync(NpgsqlCommand command, HashSet<Guid> ids, CancellationToken cancel)
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) ids.Add(reader.GetGuid(0));
    }

    private async Task CountVersionsAsync(PlannedRange range, CancellationToken cancel)
    {
        var unmet = range.Streams.Where(s => !versions.ContainsKey(s)).ToArray();
        if (unmet.Length > 0)
        {
            foreach (var stream in unmet) versions.Add(stream, 0);
            await using var states = new NpgsqlCommand(
                $"select id, coalesce(version, 0), coalesce(is_archived, false) from {schema}.mt_streams where id = any($1)", connection);
            states.Parameters.Add(new() { Value = unmet });
            await using var reader = await states.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                if (reader.GetBoolean(2)) throw new StreamArchivedException(reader.GetString(0));
                versions[reader.GetString(0)] = reader.GetInt64(1);
            }
        }
        for (var i = 0; i < range.Streams.Count; i++)
        {
            range.StartAt(range.Streams[i], versions[range.Streams[i]]);
            versions[range.Streams[i]] += range.Added[i];
        }
    }
}
