using Confluent.Kafka;
using Npgsql;
using Recs.Commands.Importing;
using Recs.Commands.Recording;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Commands.Consuming;

/// <summary>How many messages of a batch became events, were in the log already, or were refused.</summary>
internal readonly record struct StoredMessages(int Stored, int Duplicates, int Refused);

/// <summary>
/// Stores a batch once: its new facts, the movies that nobody has added, its refused messages and the partition's position in one commit, or nothing. What the log
/// holds already is left out by the events' ids, so a message that comes again, from wherever, changes nothing.
/// </summary>
internal sealed class StoreMessages(
    EventAppender appender, EventReader reader, EventTypes types, KnownMovies movies, KafkaOffsets offsets, RefusedMessages refused, NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>Streams that are remembered as archived; more are found out again.</summary>
    private const int MostArchived = 100_000;

    /// <summary>Times that somebody else may store the same facts or movies first before it counts as a failure.</summary>
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
            var (streams, stored, duplicates) = await NewAsync(batch, cancel);
            await SendRefusedAsync(batch, cancel);
            try
            {
                var advance = offsets.Advance(partition, expected, batch.Next);
                await appender.AppendAsync(new(streams, batch.Refused.Count == 0 ? [advance] : [refused.Keep(batch.Refused), advance]), cancel);
                return new(stored, duplicates, batch.Refused.Count);
            }
            catch (Exception e) when (e is DuplicateEventException or ConcurrencyException && race < MostRaces)
            {
                continue; // somebody else stored one of the facts, or added one of the movies, a moment before
            }
            catch (StreamArchivedException) when (race < MostRaces)
            {
                await RefuseArchivedAsync(batch, streams, cancel);
            }
        }
    }

    /// <summary>What the log does not have of the batch, in its order; a movie stands before the first fact about it.</summary>
    private async Task<(List<StreamAppend> Streams, int Stored, int Duplicates)> NewAsync(MessageBatch batch, CancellationToken cancel)
    {
        var ids = batch.Ids;
        var seen = ids.Length == 0 ? [] : await _lookups.KnownAsync(ids, cancel);
        var facts = batch.Facts.Where(f => seen.Add(f.Event.Id)).ToList();
        var unknown = (await movies.UnknownAmongAsync(facts.SelectMany(f => f.MovieIds), cancel)).ToHashSet(StringComparer.Ordinal);
        var streams = new List<StreamAppend>(facts.Count + unknown.Count);
        foreach (var fact in facts)
        {
            foreach (var movie in fact.MovieIds)
            {
                if (unknown.Remove(movie))
                    streams.Add(Inferred(movie, fact.Event));
            }
            streams.Add(new(fact.StreamId, ExpectedVersion.Any, [fact.Event]));
        }
        return (streams, facts.Count, ids.Length - facts.Count);
    }

    private async Task SendRefusedAsync(MessageBatch batch, CancellationToken cancel)
    {
        if (batch.Unsent is not { Count: > 0 } unsent)
            return;
        await refused.SendAsync(unsent, cancel);
        batch.Sent(unsent);
    }

    private StreamAppend Inferred(string movieId, NewEvent cause)
    {
        var movie = types.Encode(Guid.Empty, InferredMovie.FromId(movieId), cause.CorrelationId, cause.CausationId);
        return new(StreamIds.Movie(movieId), ExpectedVersion.NewStream, [movie with { Id = FactId.Movie(movie.Data.Span) }]);
    }

    private async Task RefuseArchivedAsync(MessageBatch batch, List<StreamAppend> streams, CancellationToken cancel)
    {
        var archived = (await reader.FindStreamsAsync([.. streams.Select(s => s.StreamId).Distinct(StringComparer.Ordinal)], cancel))
            .Values.Where(s => s.Archived).Select(s => s.StreamId).ToHashSet(StringComparer.Ordinal);
        batch.RefuseErased(archived);
        lock (_archived)
        {
            if (_archived.Count < MostArchived)
                _archived.UnionWith(archived);
        }
    }
}
