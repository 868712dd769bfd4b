using System.Diagnostics;
using Npgsql;
using Recs.EventStore.Telemetry;

namespace Recs.EventStore.Appending;

/// <summary>
/// Takes batches from the queue and commits them, one at a time, over a connection of its own. Whatever happens, each append gets its own outcome:
/// a batch that fails is split until the culprit stands alone, a race against a foreign writer is run again, a lost connection is settled by
/// looking into the log.
/// </summary>
internal sealed class LogWriter(NpgsqlDataSource source, EventStoreOptions options, AppendQueue queue, LogTimeMarks marks, Action<long> committed) : IAsyncDisposable
{
    /// <summary>Races that one batch may lose; each means that somebody else got on.</summary>
    private const int MaxRaces = 50;
    private const int MaxLosses = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WriterConnection own = new(source);
    private readonly BatchTransaction transaction = new(options.Schema);

    /// <summary>Works until the queue is complete and empty. Out of memory it fails all who wait, refuses whoever comes, and ends.</summary>
    public async Task RunAsync()
    {
        while (await queue.TakeAsync() is { } batch)
        {
            using var span = StartSpan(batch);
            try
            {
                await StoreAsync(batch);
            }
            catch (Exception unforeseen)
            {
                // Nobody may wait forever for an outcome; those that have theirs keep it.
                foreach (var append in batch) Fail(append, unforeseen);
                if (unforeseen is OutOfMemoryException)
                {
                    foreach (var append in queue.Abandon()) Fail(append, unforeseen);
                    throw;
                }
            }
            finally
            {
                queue.Release(batch);
            }
        }
    }

    public async ValueTask DisposeAsync() => await own.DisposeAsync();

    private async Task StoreAsync(IReadOnlyList<PendingAppend> appends)
    {
        for (int races = 0, losses = 0; appends.Count > 0;)
        {
            NpgsqlConnection connection;
            try
            {
                connection = await own.OpenAsync();
            }
            catch (NpgsqlException unreachable)
            {
                foreach (var append in appends) Fail(append, unreachable);
                return;
            }

            var now = options.Clock.GetUtcNow();
            var batch = new AppendBatch(appends, now);
            try
            {
                var results = await transaction.CommitAsync(connection, batch, marks.Due(now, batch.EventIds.Length));
                Complete(batch, results);
                appends = await RefusedAsync(connection, batch, results, ++races);
                continue;
            }
            catch (Exception loss) when (!own.Intact || loss is NpgsqlException and not PostgresException)
            {
                AppendInstruments.Retries.Add(1, new KeyValuePair<string, object?>("reason", "connection"));
                appends = await SettleAsync(batch, loss, ++losses);
                // The second time it may be one of them that breaks connections.
                if (losses > 1) appends = await StoreFirstHalfAsync(appends);
            }
            catch (PostgresException race) when (IsRace(race) && races < MaxRaces)
            {
                races++;
                AppendInstruments.Retries.Add(1, new KeyValuePair<string, object?>("reason", "race"));
            }
            catch (Exception) when (appends.Count > 1)
            {
                AppendInstruments.Retries.Add(1, new KeyValuePair<string, object?>("reason", "split"));
                appends = await StoreFirstHalfAsync(appends);
            }
            catch (BatchRefusedException)
            {
                appends = await RefusedAsync(connection, batch, [null], ++races);
            }
            catch (Exception failure)
            {
                Fail(appends[0], (Exception?)await DuplicateAsync(connection, batch, failure) ?? failure);
                return;
            }
        }
    }

    private async Task<IReadOnlyList<PendingAppend>> StoreFirstHalfAsync(IReadOnlyList<PendingAppend> appends)
    {
        if (appends.Count < 2) return appends;
        await StoreAsync([.. appends.Take(appends.Count / 2)]);
        return [.. appends.Skip(appends.Count / 2)];
    }

    /// <summary>Tells the appends that were refused why; returns those whose reason has gone meanwhile, to be tried again.</summary>
    private async Task<IReadOnlyList<PendingAppend>> RefusedAsync(NpgsqlConnection connection, AppendBatch batch, AppendResult?[] results, int attempts)
    {
        var refused = batch.Appends.Where((_, i) => results[i] is null).ToList();
        if (refused.Count == 0) return refused;
        var states = await transaction.StatesAsync(connection, [.. refused.SelectMany(a => a.Streams)]);
        var again = new List<PendingAppend>();
        foreach (var append in refused)
        {
            if (Refusal(append, states) is { } reason) Fail(append, reason);
            else if (attempts < MaxRaces) again.Add(append);
            else Fail(append, new InvalidOperationException($"The append to {string.Join(", ", append.Streams.Select(s => $"'{s}'"))} was refused {attempts} times for reasons that did not last."));
        }

        return again;
    }

    private static Exception? Refusal(PendingAppend append, IReadOnlyDictionary<string, (long Version, bool Archived)> states)
    {
        foreach (var stream in append.Request.Streams)
        {
            var (version, archived) = states.GetValueOrDefault(stream.StreamId);
            if (archived) return new StreamArchivedException(stream.StreamId);
            if (stream.Expected != ExpectedVersion.Any && stream.Expected.Value != version)
                return new ConcurrencyException(stream.StreamId, stream.Expected.Value, version);
        }

        return null;
    }

    /// <summary>
    /// The connection was lost somewhere between sending and confirmation. Once the old server process is gone, what is in the log is what was
    /// committed: those appends succeeded, the others are returned to be tried again.
    /// </summary>
    private async Task<IReadOnlyList<PendingAppend>> SettleAsync(AppendBatch batch, Exception loss, int losses)
    {
        (long Sequence, long Version)[] stored;
        try
        {
            stored = await transaction.FindAsync(await own.ReplaceLostAsync(Patience), batch);
        }
        catch (Exception unsettled) when (unsettled is NpgsqlException or TimeoutException)
        {
            await own.DropAsync();
            foreach (var append in batch.Appends) Fail(append, new AppendOutcomeUnknownException(loss));
            return [];
        }

        var results = batch.Results(stored);
        var again = new List<PendingAppend>();
        for (var i = 0; i < results.Length; i++)
        {
            var append = batch.Appends[i];
            // Side rows alone leave nothing in the log by which they could be found.
            if (append.Events == 0) Fail(append, new AppendOutcomeUnknownException(loss));
            else if (results[i] is not null) continue;
            else if (losses < MaxLosses) again.Add(append);
            else Fail(append, loss);
        }

        Complete(batch, [.. results.Select((r, i) => batch.Appends[i].Events == 0 ? null : r)]);
        return again;
    }

    /// <summary>Names the event that is in the log already, if that is what the database complains about.</summary>
    private async Task<DuplicateEventException?> DuplicateAsync(NpgsqlConnection connection, AppendBatch batch, Exception failure)
    {
        if (failure is not PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "idx_mt_events_event_id" }) return null;
        var twice = batch.EventIds.GroupBy(id => id).FirstOrDefault(g => g.Count() > 1)?.Key;
        return (twice ?? await transaction.FirstKnownAsync(connection, batch.EventIds)) is { } id ? new(id) : null;
    }

    private void Complete(AppendBatch batch, AppendResult?[] results)
    {
        long last = 0, events = 0;
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is not { } result) continue;
            var append = batch.Appends[i];
            last = Math.Max(last, result.LastSequence);
            events += append.Events;
            append.Succeed(result);
            Record(append, "stored");
        }

        if (events == 0) return;
        AppendInstruments.BatchEvents.Record(events);
        if (AppendInstruments.Events.Enabled)
        {
            foreach (var type in batch.Appends.Where((_, i) => results[i] is not null).SelectMany(a => a.Request.Streams).SelectMany(s => s.Events).CountBy(e => e.Type))
                AppendInstruments.Events.Add(type.Value, new KeyValuePair<string, object?>("type", type.Key));
        }

        committed(last);
    }

    private static Activity? StartSpan(IReadOnlyList<PendingAppend> batch)
        => EventStoreTelemetry.Activities.HasListeners()
            ? Spans.Start("append batch", ActivityKind.Internal, batch.Select(a => a.Caller), new("recs.appends", batch.Count), new("recs.events", batch.Sum(a => a.Events)))
            : null;

    private static void Fail(PendingAppend append, Exception reason)
    {
        append.Fail(reason);
        Record(append, reason is ConcurrencyException or StreamArchivedException or DuplicateEventException ? "refused" : "failed");
    }

    private static void Record(PendingAppend append, string outcome) =>
        AppendInstruments.Seconds.Record(Stopwatch.GetElapsedTime(append.CalledAt).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>
    /// A foreign writer reads a stream's version without a lock, so it can take the version that our lock gave us, or wait for our lock while we wait for
    /// its version. The same batch run again sees where the stream is by then.
    /// </summary>
    private static bool IsRace(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        || e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "pk_mt_events_stream_and_version" or "pkey_mt_streams_id" };
}
