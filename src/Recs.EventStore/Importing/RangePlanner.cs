using Npgsql;
using Recs.EventStore.Appending;

namespace Recs.EventStore.Importing;

/// <summary>
/// First stage of an import, in the order of the input: reads a range, leaves out what the log holds already, and counts the streams' versions
/// on from the state that it found when it first met them.
/// </summary>
internal sealed class RangePlanner(NpgsqlConnection connection, string schema, IImportStream input)
{
    /// <summary>One in so many ids is outlying at each end.</summary>
    private const int OutlyingShare = 100;

    /// <summary>Streams whose versions are remembered: bounds the memory of an import of any size.</summary>
    private const int MaxStreams = 100_000;

    private readonly Dictionary<string, long> versions = new(StringComparer.Ordinal);

    /// <summary>Plans the range that begins at a position.</summary>
    /// <param name="from">First position.</param>
    /// <param name="size">What the input is asked for.</param>
    /// <param name="inFlight">Ranges before this one that may not be committed yet: the log does not show their ids.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="StreamArchivedException">The range has an event for an archived stream.</exception>
    public async Task<PlannedRange> PlanAsync(long from, int size, IReadOnlyCollection<PlannedRange> inFlight, CancellationToken cancel)
    {
        if (versions.Count > MaxStreams) ForgetCommitted(inFlight);
        var read = await input.ReadAsync(from, size, cancel);
        var known = await FindKnownAsync(read.Events, cancel);
        var range = new PlannedRange(from, read);
        foreach (ref readonly var e in read.Events.Span)
            if (!known.Contains(e.Event.Id) && !IsIn(inFlight, e.Event.Id) && range.Ids.Add(e.Event.Id)) range.Keep(in e);
        await CountVersionsAsync(range, cancel);
        return range;
    }

    /// <summary>Versions that the log shows can be looked up again; those of ranges that may not be committed cannot.</summary>
    private void ForgetCommitted(IReadOnlyCollection<PlannedRange> inFlight)
    {
        versions.Clear();
        foreach (var range in inFlight)
            for (var i = 0; i < range.Streams.Count; i++) versions[range.Streams[i]] = range.Before[i] + range.Added[i];
    }

    private static bool IsIn(IReadOnlyCollection<PlannedRange> ranges, Guid id)
    {
        foreach (var range in ranges)
            if (range.Ids.Contains(id)) return true;
        return false;
    }

    /// <summary>
    /// Ids of the events that the log holds. Ids that begin with a time lie together, so that one walk over the index from a low to a high one finds all
    /// or, in a fresh log, that there are none. The few at both ends, which may lie far off, are looked up one by one; and so are all where too much else
    /// lies between.
    /// </summary>
    private async Task<HashSet<Guid>> FindKnownAsync(Memory<ImportedEvent> events, CancellationToken cancel)
    {
        var known = new HashSet<Guid>();
        if (events.Length == 0) return known;
        var ids = SortedIds(events.Span);
        var far = ids.Length / OutlyingShare;
        var limit = 2 * ids.Length;
        await using (var between = new NpgsqlCommand($"select id from {schema}.mt_events where id between $1 and $2 limit {limit + 1}", connection))
        {
            between.Parameters.Add(new() { Value = ids[far] });
            between.Parameters.Add(new() { Value = ids[^(far + 1)] });
            await ReadIdsAsync(between, known, cancel);
        }
        var isCrowded = known.Count > limit;
        if (isCrowded) known.Clear();
        if (!isCrowded && far == 0) return known;
        await using var each = new NpgsqlCommand($"select id from {schema}.mt_events where id = any($1)", connection);
        each.Parameters.Add(new() { Value = isCrowded ? ids : [.. ids[..far], .. ids[^far..]] });
        await ReadIdsAsync(each, known, cancel);
        return known;
    }

    private static Guid[] SortedIds(ReadOnlySpan<ImportedEvent> events)
    {
        var ids = new Guid[events.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = events[i].Event.Id;
        Array.Sort(ids);
        return ids;
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
