using Npgsql;

namespace Recs.EventStore.Following;

/// <summary>Missing numbers, both ends included.</summary>
internal readonly record struct SequenceRange(long First, long Last);

/// <summary>
/// Finds the log's safe ceiling: advances over the contiguous prefix; at a gap notes who may still fill it, waits until none of
/// those is left, reads again, and passes what is still missing for good. One pass per <see cref="AdvanceAsync"/>; not for two threads at once.
/// </summary>
internal sealed class LogEnd(string schema, TimeProvider clock)
{
    private const int Window = 100_000;

    /// <summary>A gap below <paramref name="Horizon"/> and who may still fill it.</summary>
    private sealed record Pending(long Horizon, HashSet<SequenceHolder> Awaited, HashSet<SequenceHolder> LastLook);

    private Pending? pending;

    /// <summary>Transactions that the mark waits for now.</summary>
    public IReadOnlyCollection<SequenceHolder> WaitingFor => pending?.Awaited ?? [];
    /// <summary>Numbers passed as gone since the start.</summary>
    public long Skipped { get; private set; }

    /// <summary>Advances the mark as far as is safe now.</summary>
    /// <returns>The new mark, and whether it is on disk already.</returns>
    public async Task<(long Mark, bool Persisted)> AdvanceAsync(NpgsqlConnection connection, long mark, CancellationToken cancel)
    {
        var persisted = true;
        while (true)
        {
            var (count, last) = await ReadAheadAsync(connection, mark, cancel);
            if (count == last - mark) // no hole: the usual case costs one statement
            {
                if (count > 0) (mark, persisted) = (last, false);
                if (pending?.Horizon <= mark) pending = null;
                if (count < Window) return (mark, persisted);
                continue;
            }

            var holes = await HolesAsync(connection, mark, last, cancel);
            var prefix = holes.Count == 0 ? last : holes[0].First - 1;
            if (prefix > mark) (mark, persisted) = (prefix, false);
            if (holes.Count == 0) continue;

            if (!await NobodyLeftAsync(connection, mark, last, cancel)) return (mark, persisted);
            var horizon = pending!.Horizon;
            await PassAsync(connection, await HolesAsync(connection, mark, horizon, cancel), horizon, cancel);
            (mark, persisted, pending) = (horizon, true, null);
        }
    }

    /// <summary>Writes the mark down: the proven one for a restart, its twin for Marten applications.</summary>
    public Task PersistAsync(NpgsqlConnection connection, long mark, CancellationToken cancel) => PassAsync(connection, [], mark, cancel);

    /// <summary>Reads the proven mark of the last run and the last number drawn.</summary>
    public async Task<(long Mark, long LastDrawn)> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"select coalesce((select seq_id from {schema}.recs_high_water), 0), case when is_called then last_value else 0 end from {schema}.mt_events_sequence", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private async Task<(long Count, long Last)> ReadAheadAsync(NpgsqlConnection connection, long mark, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"select count(*), coalesce(max(seq_id), $1) from (select seq_id from {schema}.mt_events where seq_id > $1 order by seq_id limit {Window}) w", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = mark });
        await command.PrepareAsync(cancel); // once per connection: it runs at every wake-up
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private async Task<List<SequenceRange>> HolesAsync(NpgsqlConnection connection, long mark, long through, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"""
             select former + 1, seq_id - 1
             from (select seq_id, lag(seq_id, 1, $1) over (order by seq_id) as former from {schema}.mt_events where seq_id > $1 and seq_id <= $2) w
             where seq_id > former + 1 order by 1
             """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = mark });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var holes = new List<SequenceRange>();
        while (await reader.ReadAsync(cancel)) holes.Add(new(reader.GetInt64(0), reader.GetInt64(1)));
        return holes;
    }

    private async Task<bool> NobodyLeftAsync(NpgsqlConnection connection, long mark, long last, CancellationToken cancel)
    {
        var now = await SequenceHolders.NowAsync(connection, schema, cancel);
        pending = pending is { } p && p.Horizon > mark
            ? new(p.Horizon, SequenceHolders.StillAwaited(p.Awaited, p.LastLook, now), now)
            : new(last, now, now); // noted after the gap was seen, so whoever drew its numbers is among them or has ended
        return pending.Awaited.Count == 0;
    }

    /// <summary>One statement, so that a gap is never passed without being on record.</summary>
    private async Task PassAsync(NpgsqlConnection connection, IReadOnlyList<SequenceRange> gone, long mark, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"""
             with gaps as (
               insert into {schema}.recs_gaps (first_seq, last_seq, passed_at) select first, last, $4 from unnest($2, $3) as g(first, last)
               on conflict (first_seq) do nothing),
             proven as (
               insert into {schema}.recs_high_water (seq_id) values ($1)
               on conflict (only_row) do update set seq_id = greatest(recs_high_water.seq_id, excluded.seq_id))
             insert into {schema}.mt_event_progression (name, last_seq_id, last_updated) values ('{HighWaterMark.ProgressName}', $1, transaction_timestamp())
             on conflict (name) do update
               set last_seq_id = greatest(mt_event_progression.last_seq_id, excluded.last_seq_id), last_updated = excluded.last_updated
             """, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = mark });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. gone.Select(g => g.First)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. gone.Select(g => g.Last)] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow().ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancel);
        Skipped += gone.Sum(g => g.Last - g.First + 1);
    }
}
