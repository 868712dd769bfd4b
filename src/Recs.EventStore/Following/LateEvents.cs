using Npgsql;
using Recs.EventStore.Reading;

namespace Recs.EventStore.Following;

/// <summary>An event that turned up at a number that had been passed as gone (Marten's Rich mode can do that).</summary>
/// <param name="Sequence">Its position in the log.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="Type">Its alias.</param>
public readonly record struct LateEvent(long Sequence, string StreamId, string Type);

/// <summary>Looks for events at numbers that were passed as gone, and puts down for whom they came too late.</summary>
internal sealed class LateEvents(string schema, TimeProvider clock)
{
    /// <summary>Probes the newest passed ranges, newest first.</summary>
    /// <param name="connection">Open connection.</param>
    /// <param name="ranges">How many ranges to probe.</param>
    /// <param name="cancel">Stops the probe.</param>
    public async Task<IReadOnlyList<LateEvent>> FindAsync(NpgsqlConnection connection, int ranges, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"""
             select e.seq_id, e.stream_id, e.type
             from (select first_seq, last_seq from {schema}.recs_gaps order by first_seq desc limit $1) g
             cross join lateral (
               select seq_id, stream_id, type from {schema}.mt_events where seq_id >= g.first_seq and seq_id <= g.last_seq order by seq_id limit 1000) e
             order by e.seq_id
             """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = ranges });
        await command.PrepareAsync(cancel); // once per connection: it runs at every wake-up
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new List<LateEvent>();
        while (await reader.ReadAsync(cancel)) found.Add(new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        return found;
    }

    /// <summary>
    /// Takes the number out of its passed range and, unless it is one of Marten's fillers, puts the event down for every shard whose progress is past it.
    /// Exact, because a shard reads its page after it locked its progress row: it either sees the event or is found past it here.
    /// </summary>
    /// <returns>False if another process was first.</returns>
    public async Task<bool> RecordAsync(NpgsqlConnection connection, LateEvent late, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await SplitAsync(connection, late.Sequence, cancel)) return false;
        if (late.Type != EventReader.Tombstone)
        {
            await using var record = new NpgsqlCommand(
                $"""
                 insert into {schema}.recs_late_events (seq_id, shard, found_at)
                 select $1, name, $2 from (select name, last_seq_id from {schema}.mt_event_progression where position(':' in name) > 0 order by name for update) p
                 where last_seq_id >= $1
                 on conflict do nothing
                 """, connection);
            record.Parameters.Add(new NpgsqlParameter<long> { TypedValue = late.Sequence });
            record.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow().ToUniversalTime() });
            await record.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task<bool> SplitAsync(NpgsqlConnection connection, long sequence, CancellationToken cancel)
    {
        await using var split = new NpgsqlCommand(
            $"""
             with taken as (delete from {schema}.recs_gaps where first_seq <= $1 and last_seq >= $1 returning *),
             upper as (
               insert into {schema}.recs_gaps (first_seq, last_seq, passed_at) select $1 + 1, last_seq, passed_at from taken where last_seq > $1),
             lower as (
               insert into {schema}.recs_gaps (first_seq, last_seq, passed_at) select first_seq, $1 - 1, passed_at from taken where first_seq < $1)
             select count(*) from taken
             """, connection);
        split.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        return (long)(await split.ExecuteScalarAsync(cancel))! > 0;
    }
}
