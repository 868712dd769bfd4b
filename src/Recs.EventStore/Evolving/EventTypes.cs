using System.Text.Json.Serialization.Metadata;

namespace Recs.EventStore.Evolving;

/// <summary>The alias registry: which contract stands behind which wire name, and how older bodies are brought up to date.</summary>
public sealed class EventTypes
{
    /// <summary>Pins an alias to a contract.</summary>
    public EventTypes Map<T>(string alias, JsonTypeInfo<T> json) where T : notnull => throw new NotImplementedException();

    /// <summary>Registers an upcaster: rewrites the raw JSON of an old alias into <paramref name="toAlias"/>'s shape.</summary>
    public EventTypes Upcast(string fromAlias, string toAlias, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> rewrite) => throw new NotImplementedException();

    /// <summary>Writes an event.</summary>
    public NewEvent Encode<T>(Guid id, T body, string? correlationId = null, string? causationId = null, ReadOnlyMemory<byte> headers = default) where T : notnull => throw new NotImplementedException();

    /// <summary>Reads an event's body.</summary>
    /// <exception cref="UnknownEventTypeException">Nobody registered the alias.</exception>
    public object Decode(RecordedEvent e) => throw new NotImplementedException();

    /// <summary>Applies the upcasters to a raw row; returns the newest alias and body.</summary>
    public (string Type, ReadOnlyMemory<byte> Data) Upcast(string type, ReadOnlyMemory<byte> data) => throw new NotImplementedException();

    /// <summary>The given aliases and every older alias that is upcast into one of them.</summary>
    public IReadOnlyList<string> WithOlder(IEnumerable<string> aliases) => throw new NotImplementedException();
}

/// <summary>An alias that nobody registered.</summary>
public sealed class UnknownEventTypeException(string alias)
    : Exception($"Event type '{alias}' is not registered. Register its contract (or an upcaster for it) before reading it.")
{
    /// <summary>Alias.</summary>
    public string Alias { get; } = alias;
}
