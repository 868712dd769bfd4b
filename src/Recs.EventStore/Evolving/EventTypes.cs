using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Recs.EventStore.Evolving;

/// <summary>
/// The alias registry: which contract stands behind which wire name, and how older bodies are brought up to date. Filled at
/// start, read from any thread afterwards.
/// </summary>
public sealed class EventTypes
{
    private sealed record Contract(string Alias, string DotNetType, JsonTypeInfo Json);

    private sealed record Upcaster(string ToAlias, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Rewrite);

    private readonly Dictionary<string, Contract> byAlias = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, Contract> byType = [];
    private readonly Dictionary<string, Upcaster> upcasters = new(StringComparer.Ordinal);

    /// <summary>Pins an alias to a contract.</summary>
    /// <param name="alias">Wire name, such as <c>movie_rated</c>; <see cref="ClassicAlias"/> says what Marten would call it.</param>
    /// <param name="json">How the contract is written.</param>
    /// <exception cref="InvalidOperationException">Alias or contract is registered already.</exception>
    public EventTypes Map<T>(string alias, JsonTypeInfo<T> json) where T : notnull
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(alias);
        var contract = new Contract(alias, $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}", json);
        if (upcasters.TryGetValue(alias, out var upcaster))
            throw new InvalidOperationException($"Event type '{alias}' is upcast to '{upcaster.ToAlias}'; an old alias has no contract.");
        if (byAlias.TryGetValue(alias, out var other))
            throw new InvalidOperationException($"Event type '{alias}' stands for {other.DotNetType} already, it cannot stand for {contract.DotNetType} too.");
        if (!byType.TryAdd(typeof(T), contract))
            throw new InvalidOperationException($"{contract.DotNetType} is written as '{byType[typeof(T)].Alias}' already, it cannot be '{alias}' too.");
        byAlias.Add(alias, contract);
        return this;
    }

    /// <summary>Registers an upcaster: rewrites the raw JSON of an old alias into <paramref name="toAlias"/>'s shape. Upcasters chain.</summary>
    /// <exception cref="InvalidOperationException">The old alias has a contract or an upcaster already, or the chain would be a circle.</exception>
    public EventTypes Upcast(string fromAlias, string toAlias, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> rewrite)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fromAlias);
        ArgumentException.ThrowIfNullOrWhiteSpace(toAlias);
        if (byAlias.ContainsKey(fromAlias))
            throw new InvalidOperationException($"Event type '{fromAlias}' has a contract; give the new shape an alias of its own and upcast to that.");
        if (Newest(toAlias) == fromAlias)
            throw new InvalidOperationException($"Upcasting '{fromAlias}' to '{toAlias}' would go round in a circle.");
        if (!upcasters.TryAdd(fromAlias, new(toAlias, rewrite)))
            throw new InvalidOperationException($"Event type '{fromAlias}' is upcast to '{upcasters[fromAlias].ToAlias}' already.");
        return this;
    }

    /// <summary>Writes an event.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> has no alias.</exception>
    public NewEvent Encode<T>(Guid id, T body, string? correlationId = null, string? causationId = null, ReadOnlyMemory<byte> headers = default)
        where T : notnull
    {
        var contract = ContractOf(typeof(T));
        var data = JsonSerializer.SerializeToUtf8Bytes(body, (JsonTypeInfo<T>)contract.Json);
        return new(id, contract.Alias, data, correlationId, causationId, headers, contract.DotNetType);
    }

    /// <summary>The alias that a contract is written under.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> has no alias.</exception>
    public string AliasOf<T>() where T : notnull => ContractOf(typeof(T)).Alias;

    /// <summary>Reads an event's body.</summary>
    /// <exception cref="UnknownEventTypeException">Nobody registered the alias.</exception>
    /// <exception cref="UnreadableEventException">The body does not fit the contract.</exception>
    public object Decode(RecordedEvent e)
    {
        var (alias, data) = Upcast(e.Type, e.Data);
        if (!byAlias.TryGetValue(alias, out var contract)) throw new UnknownEventTypeException(alias);
        try
        {
            return JsonSerializer.Deserialize(data.Span, contract.Json) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException cause)
        {
            throw new UnreadableEventException(e, contract.DotNetType, cause);
        }
    }

    /// <summary>Applies the upcasters to a raw row; returns the newest alias and body. An alias that nobody registered comes back as it is.</summary>
    public (string Type, ReadOnlyMemory<byte> Data) Upcast(string type, ReadOnlyMemory<byte> data)
    {
        while (upcasters.TryGetValue(type, out var upcaster)) (type, data) = (upcaster.ToAlias, upcaster.Rewrite(data));
        return (type, data);
    }

    /// <summary>Whether an alias has a contract, or is upcast to one that has.</summary>
    public bool Knows(string alias) => byAlias.ContainsKey(Newest(alias));

    /// <summary>Whether anything is upcast at all; a reader in a hurry asks once.</summary>
    public bool AnyUpcasters => upcasters.Count > 0;

    /// <summary>The alias that an alias is upcast to in the end; itself if it is not upcast.</summary>
    public string Newest(string alias)
    {
        while (upcasters.TryGetValue(alias, out var upcaster)) alias = upcaster.ToAlias;
        return alias;
    }

    /// <summary>The given aliases and every older alias that is upcast into one of them, in ordinal order.</summary>
    public IReadOnlyList<string> WithOlder(IEnumerable<string> aliases)
    {
        var wanted = aliases.ToHashSet(StringComparer.Ordinal);
        return [.. wanted.Concat(upcasters.Keys.Where(old => wanted.Contains(Newest(old)))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private Contract ContractOf(Type type) => byType.TryGetValue(type, out var contract)
        ? contract
        : throw new InvalidOperationException($"{type.FullName} has no event type. Map it to an alias before writing it.");
}
