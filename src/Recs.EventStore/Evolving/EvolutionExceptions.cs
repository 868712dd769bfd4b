namespace Recs.EventStore.Evolving;

/// <summary>An alias that nobody registered.</summary>
public sealed class UnknownEventTypeException(string alias)
    : Exception($"Event type '{alias}' is not registered. Register its contract (or an upcaster for it) before reading it.")
{
    /// <summary>Alias.</summary>
    public string Alias { get; } = alias;
}

/// <summary>A body that does not fit its contract.</summary>
public sealed class UnreadableEventException(RecordedEvent e, string contract, Exception cause)
    : Exception($"Event {e.Sequence} ('{e.Type}', stream '{e.StreamId}', version {e.Version}) cannot be read as {contract}: {cause.Message}", cause)
{
    /// <summary>Position in the log.</summary>
    public long Sequence { get; } = e.Sequence;
}
