using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Recs.Contracts.Avro;
using Recs.Kafka.Messages;
using Recs.Kafka.SchemaRegistry;

namespace Recs.Kafka.Avro;

/// <summary>How the values of a writer's schema are read, or why they cannot be.</summary>
/// <param name="Id">The registry's id.</param>
/// <param name="Plan">How they are read; null if they cannot be.</param>
/// <param name="Reason">One of <see cref="UndecodableReasons"/> then.</param>
/// <param name="Detail">For a person, then.</param>
internal sealed record WriterSchema(int Id, AvroPlan? Plan, string? Reason = null, string? Detail = null);

/// <summary>Schemas of others by id, each asked for once: the schema of an id never changes.</summary>
internal sealed class WriterSchemas(SchemaRegistryClient registry, TimeProvider clock)
{
    /// <summary>An id that the registry does not know may be known later, though nobody should have written it before.</summary>
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(30);

    /// <summary>Anybody can write any number of unknown ids; so many are remembered.</summary>
    private const int MostUnknown = 1000;

    private static readonly AvroSchema Reader = AvroSchemaParser.Parse(AvroSubjects.UserInteractions.Schema);
    private readonly ConcurrentDictionary<int, WriterSchema> known = new();
    private readonly ConcurrentDictionary<int, long> unknown = new();
    private readonly ConcurrentDictionary<int, Lazy<Task<WriterSchema>>> underWay = new();

    /// <summary>A schema that was found before, or was not found just now.</summary>
    public bool TryGet(int id, [NotNullWhen(true)] out WriterSchema? schema)
    {
        if (known.TryGetValue(id, out schema)) return true;
        schema = unknown.TryGetValue(id, out var since) && clock.GetElapsedTime(since) < UnknownFor ? Unknown(id) : null;
        return schema is not null;
    }

    /// <summary>Asks the registry; whoever wants the same schema meanwhile waits for the same answer.</summary>
    /// <exception cref="SchemaRegistryUnavailableException">It does not answer.</exception>
    public Task<WriterSchema> FetchAsync(int id, CancellationToken cancel)
        => underWay.GetOrAdd(id, wanted => new(() => AskAsync(wanted))).Value.WaitAsync(cancel);

    private async Task<WriterSchema> AskAsync(int id)
    {
        try
        {
            // Not cancelled by one of those who wait; the client's own time-outs bound it.
            if (await registry.FindAsync(id, CancellationToken.None) is { } found)
                return known[id] = Plan(id, found);
            if (unknown.Count >= MostUnknown)
                unknown.Clear();
            unknown[id] = clock.GetTimestamp();
            return Unknown(id);
        }
        finally
        {
            underWay.TryRemove(id, out _);
        }
    }

    private static WriterSchema Plan(int id, RegisteredSchema found)
    {
        try
        {
            if (!found.IsAvro)
                throw new AvroSchemaException($"It is of the type {found.Type}, not AVRO.");
            return AvroSchemaParser.Parse(found.Schema) is AvroRecord writer
                ? new(id, AvroResolution.Resolve(writer, Reader))
                : throw new AvroSchemaException("It is not a record.");
        }
        catch (AvroSchemaException e)
        {
            return new(id, null, UndecodableReasons.UnreadableSchema, $"Schema {id} cannot be read as {AvroSubjects.UserInteractions.Name}: {e.Message}");
        }
    }

    private static WriterSchema Unknown(int id) => new(id, null, UndecodableReasons.UnknownSchema, $"The schema registry has no schema {id}.");
}
