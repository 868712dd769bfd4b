namespace Recs.Kafka.Messages;

/// <summary>
/// Reads the fields of values that come in framed as Avro (<see cref="IsFramed"/>). It only decodes; what a value says, framed or JSON, is judged where it is consumed. Safe for
/// any number of threads.
/// </summary>
public interface IFrameDecoder
{
    /// <summary>First byte of the Confluent frame; four bytes of the schema's id follow, most significant first, then the record. No JSON begins with it.</summary>
    const byte Magic = 0;

    /// <summary>Whether a value is for a decoder.</summary>
    static bool IsFramed(ReadOnlySpan<byte> value) => value is [Magic, ..];

    /// <summary>
    /// Reads one. Bytes that cannot be read, and ids that the registry does not know, are a result with a reason and belong into the dead letters. Completes
    /// synchronously once the schema's id has been seen.
    /// </summary>
    /// <exception cref="SchemaRegistryUnavailableException">
    /// The registry does not answer, so that nobody can tell yet whether the value is good: keep it, and try again later.
    /// </exception>
    ValueTask<DecodedInteraction> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancel);
}

/// <summary>What somebody did, as a framed value tells it. Its fields were read, not judged: ids and ranges are the consumer's to check.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="UserId">Who.</param>
/// <param name="MovieId">With which movie.</param>
/// <param name="Kind">One of <see cref="Contracts.Topics.InteractionKinds"/>, or whatever else the producer wrote; empty where its schema has no such field, and the topic tells.</param>
/// <param name="Minute">Minute of the movie, of a watch.</param>
/// <param name="Rating">Stars, of a rating.</param>
public sealed record IncomingInteraction(long Timestamp, string UserId, string MovieId, string Kind, int? Minute, double? Rating);

/// <summary>A value that was read, or why it was not.</summary>
public readonly record struct DecodedInteraction
{
    /// <summary>What was read; null if it could not be.</summary>
    public IncomingInteraction? Interaction { get; private init; }

    /// <summary>Null, or one of <see cref="UndecodableReasons"/>.</summary>
    public string? Reason { get; private init; }

    /// <summary>What was found and what was expected, for a person; null if it was read.</summary>
    public string? Detail { get; private init; }

    /// <summary>It was read.</summary>
    public static DecodedInteraction Of(IncomingInteraction interaction) => new() { Interaction = interaction };

    /// <summary>It cannot be read, now or later.</summary>
    public static DecodedInteraction Undecodable(string reason, string detail) => new() { Reason = reason, Detail = detail };
}

/// <summary>Why a framed value cannot be read: stable codes for scripts and dashboards.</summary>
public static class UndecodableReasons
{
    /// <summary>The bytes are not what their schema says, or there are too few for a frame.</summary>
    public const string BadAvro = "bad-avro";
    /// <summary>The registry has no schema of that id.</summary>
    public const string UnknownSchema = "unknown-schema";
    /// <summary>The writer's schema cannot be read as a user interaction: a field is missing that has no default, or has another type.</summary>
    public const string UnreadableSchema = "unreadable-schema";
    /// <summary>The value is framed, and no registry is configured that would know its schema.</summary>
    public const string NoSchemaRegistry = "no-schema-registry";
}

/// <summary>The schema registry cannot be reached or is not well; trying again later may help.</summary>
public sealed class SchemaRegistryUnavailableException : Exception
{
    /// <summary>With a message for a person.</summary>
    public SchemaRegistryUnavailableException(string message, Exception? inner = null) : base(message, inner) { }
}
