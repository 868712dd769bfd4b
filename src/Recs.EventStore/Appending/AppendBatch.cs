using System.Runtime.InteropServices;

namespace Recs.EventStore.Appending;

/// <summary>
/// Several appends as the parameter arrays of one statement: a row per distinct stream, a row per event in arrival order. Pure; what comes
/// back from the statement is turned into each caller's result here too.
/// </summary>
internal sealed class AppendBatch
{
    /// <param name="appends">In queue order; two with a stream in common expect no version of it.</param>
    /// <param name="now">Recorded time of all its events; whole microseconds, as the table keeps them.</param>
    public AppendBatch(IReadOnlyList<PendingAppend> appends, DateTimeOffset now)
    {
        Appends = appends;
        Now = Microseconds(now);
        var events = appends.Sum(a => a.Events);
        (EventIds, EventStreams, FromEnd, Arrival) = (new Guid[events], new string[events], new int[events], new int[events]);
        (Types, Bodies, DotNetTypes) = (new string[events], new byte[events][], new string?[events]);
        (CorrelationIds, CausationIds, Headers) = (new string?[events], new string?[events], new byte[]?[events]);

        var streams = new Dictionary<string, int>(StringComparer.Ordinal);
        var (ids, counts, expected) = (new List<string>(), new List<long>(), new List<long>());
        var stream = new int[events];
        var i = 0;
        foreach (var append in appends.SelectMany(a => a.Request.Streams))
        {
            ref var ordinal = ref CollectionsMarshal.GetValueRefOrAddDefault(streams, append.StreamId, out var known);
            if (!known)
            {
                ordinal = ids.Count;
                ids.Add(append.StreamId);
                counts.Add(0);
                expected.Add(append.Expected.Value);
            }

            foreach (var e in append.Events)
            {
                (EventIds[i], EventStreams[i], Arrival[i], Types[i], Bodies[i]) = (e.Id, ids[ordinal], i, e.Type, Bytes(e.Data));
                (DotNetTypes[i], CorrelationIds[i], CausationIds[i]) = (e.DotNetType, e.CorrelationId, e.CausationId);
                Headers[i] = e.Headers.IsEmpty ? null : Bytes(e.Headers);
                stream[i] = ordinal;
                FromEnd[i++] = (int)++counts[ordinal];
            }
        }

        for (i = 0; i < events; i++) FromEnd[i] -= (int)counts[stream[i]];
        (StreamIds, Counts, Expected) = ([.. ids], [.. counts], [.. expected]);
    }

    public IReadOnlyList<PendingAppend> Appends { get; }

    public DateTimeOffset Now { get; }

    public string[] StreamIds { get; }

    /// <summary>Events per stream.</summary>
    public long[] Counts { get; }

    /// <summary>Version per stream, -1 for any.</summary>
    public long[] Expected { get; }

    public Guid[] EventIds { get; }

    public string[] EventStreams { get; }

    /// <summary>An event's version minus its stream's version after the batch: 0 for the stream's last event.</summary>
    public int[] FromEnd { get; }

    public int[] Arrival { get; }

    public string[] Types { get; }

    public byte[][] Bodies { get; }

    public string?[] DotNetTypes { get; }

    public string?[] CorrelationIds { get; }

    public string?[] CausationIds { get; }

    public byte[]?[] Headers { get; }

    /// <summary>Whether the transaction must be undone when a stream is refused.</summary>
    public bool AllOrNothing => Appends.Any(a => a.AllOrNothing);

    /// <summary>
    /// Each append's result from the rows that the statement returned, null where it was refused.
    /// </summary>
    /// <param name="stored">Sequence, version and event id of the stored events, in arrival order.</param>
    public AppendResult?[] Results(IReadOnlyList<StoredEvent> stored)
    {
        var results = new AppendResult?[Appends.Count];
        var (next, i) = (0, 0);
        for (var a = 0; a < results.Length; a++)
        {
            var request = Appends[a].Request;
            var positions = new StreamPosition[request.Streams.Count];
            var whole = true;
            for (var s = 0; s < positions.Length; s++)
            {
                var sequences = new long[request.Streams[s].Events.Count];
                long version = 0;
                for (var e = 0; e < sequences.Length; e++, i++)
                {
                    if (next < stored.Count && stored[next].Id == EventIds[i]) (sequences[e], version) = (stored[next].Sequence, stored[next++].Version);
                    else whole = false;
                }

                positions[s] = new(request.Streams[s].StreamId, version, sequences);
            }

            results[a] = whole ? new(positions) : null;
        }

        return results;
    }

    /// <summary>Cut to what a <c>timestamptz</c> keeps, so that what was sent can be compared with what is stored.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return new(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var part) && part.Offset == 0 && part.Count == part.Array!.Length ? part.Array : memory.ToArray();
}

/// <summary>A row that the append statement returns.</summary>
internal readonly record struct StoredEvent(long Sequence, long Version, Guid Id);
