using System.Runtime.InteropServices;
using Recs.EventStore.Telemetry;

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
        (EventIds, EventStreams, Ordinals, FromEnd) = (new Guid[events], new string[events], new int[events], new int[events]);
        (Types, Bodies, DotNetTypes) = (new string[events], new byte[events][], new string?[events]);
        (CorrelationIds, CausationIds, Headers) = (new string?[events], new string?[events], new byte[]?[events]);

        var streams = new Dictionary<string, int>(StringComparer.Ordinal);
        var (ids, counts, expected) = (new List<string>(), new List<long>(), new List<long>());
        var i = 0;
        foreach (var (pending, append) in appends.SelectMany(a => a.Request.Streams, (a, s) => (a, s)))
        {
            ref var ordinal = ref CollectionsMarshal.GetValueRefOrAddDefault(streams, append.StreamId, out var known);
            if (!known)
            {
                ordinal = ids.Count;
                ids.Add(append.StreamId);
                counts.Add(0);
                expected.Add(append.Expected.Value);
            }

            for (var part = 0; part < append.Events.Count; part++)
            {
                var e = append.Events[part];
                (EventIds[i], EventStreams[i], Types[i], Bodies[i]) = (e.Id, ids[ordinal], e.Type, Bytes(e.Data));
                (DotNetTypes[i], CorrelationIds[i], CausationIds[i]) = (e.DotNetType, e.CorrelationId, e.CausationId);
                var headers = TraceHeader.Into(e.Headers, pending.TraceParent);
                Headers[i] = headers.IsEmpty ? null : Bytes(headers);
                (Ordinals[i], FromEnd[i]) = (ordinal + 1, (int)++counts[ordinal]);
                i++;
            }
        }

        for (i = 0; i < events; i++) FromEnd[i] -= (int)counts[Ordinals[i] - 1];
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

    /// <summary>Place of an event's stream in <see cref="StreamIds"/>, from 1 as SQL counts.</summary>
    public int[] Ordinals { get; }

    public string[] Types { get; }

    public byte[][] Bodies { get; }

    public string?[] DotNetTypes { get; }

    public string?[] CorrelationIds { get; }

    public string?[] CausationIds { get; }

    public byte[]?[] Headers { get; }

    /// <summary>Whether the transaction must be undone when a stream is refused.</summary>
    public bool AllOrNothing => Appends.Any(a => a.AllOrNothing);

    /// <summary>Each append's result from what the statement returned, null where it was refused.</summary>
    /// <param name="versions">Each stream's version after the batch, in the order of <see cref="StreamIds"/>; 0 where it was refused.</param>
    /// <param name="drawn">The stored events' sequence numbers, in arrival order.</param>
    public AppendResult?[] Results(ReadOnlySpan<long> versions, ReadOnlySpan<long> drawn)
    {
        var places = new (long Sequence, long Version)[EventIds.Length];
        var next = 0;
        for (var i = 0; i < places.Length; i++)
        {
            var version = versions[Ordinals[i] - 1];
            if (version > 0) places[i] = (drawn[next++], version + FromEnd[i]);
        }

        return Results(places);
    }

    /// <summary>Each append's result from the place of each event in the log, in arrival order; 0 for an event that is not there.</summary>
    public AppendResult?[] Results(ReadOnlySpan<(long Sequence, long Version)> places)
    {
        var results = new AppendResult?[Appends.Count];
        var i = 0;
        for (var a = 0; a < results.Length; a++)
        {
            var request = Appends[a].Request;
            var positions = new StreamPosition[request.Streams.Count];
            var whole = true;
            for (var s = 0; s < positions.Length; s++)
            {
                var sequences = new long[request.Streams[s].Events.Count];
                for (var e = 0; e < sequences.Length; e++)
                {
                    sequences[e] = places[i++].Sequence;
                    whole &= sequences[e] > 0;
                }

                positions[s] = new(request.Streams[s].StreamId, places[i - 1].Version, sequences);
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
