using Confluent.Kafka;
using Npgsql;
using Recs.Commands.Importing;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Reading;

namespace Recs.Commands.Consuming;

/// <summary>How many messages of a batch became events, were in the log already, or were refused.</summary>
internal readonly record struct StoredMessages(int Stored, int Duplicates, int Refused);

/// <summary>
/// Stores a batch once: its new facts, its refused messages and the partition's position in one commit, or nothing. What the log holds already is left out by the events'
/// ids, so a message that comes again, from wherever, changes nothing. Movies that nobody has added are added before.
/// </summary>
internal sealed class StoreMessages(
    EventAppender appender, EventReader reader, NamedMovies movies, KafkaOffsets offsets, RefusedMessages refused, NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>Streams that are remembered as archived; more are found out again.</summary>
    private const int MostArchived = 100_000;

    /// <summary>Times that somebody else may store the same facts first before it counts as a failure.</summary>
    private const int MostRaces = 20;

    private readonly LogLookups _lookups = new(source, options.Schema);
    private readonly HashSet<string> _archived = new(StringComparer.Ordinal);

    /// <summary>Stores a batch.</summary>
    /// <param name="partition">Its partition.</param>
    /// <param name="batch">What it says.</param>
    /// <param name="expected">Position of the partition in the database; null for none.</param>
    /// <param name="cancel">Withdraws the append as long as no writer has taken it.</param>
    /// <exception cref="PostgresException"><see cref="KafkaOffsets.IsFenced"/>: another consumer has the partition; or the database refused an event.</exception>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    /// <exception cref="AppendOutcomeUnknownException">It went away at the commit: the position tells whether the batch is stored.</exception>
    /// <exception cref="KafkaException">The broker did not take a dead letter; nothing was stored.</exception>
    public async Task<StoredMessages> RunAsync(TopicPartition partition, MessageBatch batch, long? expected, CancellationToken cancel)
    {
        lock (_archived)
            batch.RefuseErased(_archived);
        for (var race = 0; ; race++)
        {
            var ids = batch.Ids;
            var facts = await NewAsync(batch, ids, cancel);
            await movies.AddAsync(facts, cancel);
            await SendRefusedAsync(batch, cancel);
            try
            {
                var advance = offsets.Advance(partition, expected, batch.Next);
                var streams = facts.ConvertAll(fact => new StreamAppend(fact.StreamId, ExpectedVersion.Any, [fact.Event]));
                await appender.AppendAsync(new(streams, batch.Refused.Count == 0 ? [advance] : [refused.Keep(batch.Refused), advance]), cancel);
                return new(facts.Count, ids.Length - facts.Count, batch.Refused.Count);
            }
            catch (DuplicateEventException) when (race < MostRaces)
            {
                continue; // somebody else stored one of the facts a moment before
            }
            catch (StreamArchivedException) when (race < MostRaces)
            {
                await RefuseArchivedAsync(batch, facts, cancel);
            }
        }
    }

    /// <summary>What the log does not have of the batch, in its order.</summary>
    private async Task<List<StatedFact>> NewAsync(MessageBatch batch, Guid[] ids, CancellationToken cancel)
    {
        var seen = ids.Length == 0 ? [] : await _lookups.KnownAsync(ids, cancel);
        return [.. batch.Facts.Where(f => seen.Add(f.Event.Id))];
    }

    private async Task SendRefusedAsync(MessageBatch batch, CancellationToken cancel)
    {
        if (batch.Unsent is not { Count: > 0 } unsent)
            return;
        await refused.SendAsync(unsent, cancel);
        batch.Sent(unsent);
    }

    private async Task RefuseArchivedAsync(MessageBatch batch, List<StatedFact> facts, CancellationToken cancel)
    {
        var archived = (await reader.FindStreamsAsync([.. facts.Select(f => f.StreamId).Distinct(StringComparer.Ordinal)], cancel))
            .Values.Where(s => s.Archived).Select(s => s.StreamId).ToHashSet(StringComparer.Ordinal);
        batch.RefuseErased(archived);
        lock (_archived)
        {
            if (_archived.Count < MostArchived)
                _archived.UnionWith(archived);
        }
    }
}
