namespace Recs.EventStore;

/// <summary>An event as the log holds it, its body already brought to the newest version by the upcasters.</summary>
/// <param name="Sequence">Position in the log, from 1, with gaps where a transaction rolled back.</param>
/// <param name="Id">Event id.</param>
/// <param name="StreamId">Stream.</param>
/// <param name="Version">Position in the stream, from 1, without gaps.</param>
/// <param name="Type">Alias.</param>
/// <param name="Data">UTF-8 JSON object.</param>
/// <param name="Timestamp">When it was recorded.</param>
/// <param name="CorrelationId">The conversation that it belongs to.</param>
/// <param name="CausationId">The command that caused it.</param>
public sealed record RecordedEvent(
    long Sequence, Guid Id, string StreamId, long Version, string Type, ReadOnlyMemory<byte> Data, DateTimeOffset Timestamp,
    string? CorrelationId, string? CausationId)
{
    /// <summary>The trace that it came from, as W3C's <c>traceparent</c>; read by projections while spans are recorded, else null.</summary>
    public string? TraceParent { get; init; }
}
