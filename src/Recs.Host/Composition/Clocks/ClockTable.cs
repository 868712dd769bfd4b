using System.Data;
using Npgsql;

namespace Recs.Host.Composition.Clocks;

/// <summary>The time on record (table <c>recs_clock</c>) and the lock of those who live in it.</summary>
internal sealed class ClockTable(string schema)
{
    /// <summary>Recorded times of the last events may stand a little out of order; no commit holds more.</summary>
    private const int LastEvents = 10_000;

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(30);
    private readonly string key = "recs_clock:" + schema;

    /// <summary>Takes the lock alone, if nobody else has it.</summary>
    public async Task<bool> TryTakeAloneAsync(NpgsqlConnection connection, CancellationToken cancel)
        => (bool)(await ScalarAsync(connection, "select pg_try_advisory_lock(hashtextextended($1, 0))", cancel))!;

    /// <summary>Takes the lock with others; waits for one who has it alone.</summary>
    public Task ShareAsync(NpgsqlConnection connection, CancellationToken cancel)
        => ScalarAsync(connection, "select pg_advisory_lock_shared(hashtextextended($1, 0))", cancel);

    /// <summary>What stands about the log's time.</summary>
    public async Task<ClockState> ReadAsync(NpgsqlConnection connection, bool inUse, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"""
             select c.start, c.speed, c.anchored_at, l.last_recorded, clock_timestamp()
             from (select max(timestamp) as last_recorded from (select timestamp from {schema}.mt_events order by seq_id desc limit {LastEvents}) e) l
             left join {schema}.recs_clock c on true
             """, connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        var recorded = row.IsDBNull(0) ? null : new RecordedClock(new(Moment(row, 0), row.GetDouble(1)), Moment(row, 2));
        return new(recorded, inUse, row.IsDBNull(3) ? null : Moment(row, 3), Moment(row, 4));
    }

    /// <summary>Puts a time on record, or the real one by none, and shares the lock that was held alone.</summary>
    public async Task BeginAsync(NpgsqlConnection connection, RecordedClock? clock, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new($"delete from {schema}.recs_clock"));
        if (clock is not null)
            batch.BatchCommands.Add(new($"insert into {schema}.recs_clock (start, speed, anchored_at) values ($1, $2, $3)")
            {
                Parameters = { new() { Value = clock.Time.Start }, new() { Value = clock.Time.Speed }, new() { Value = clock.AnchoredAt } },
            });
        await batch.ExecuteNonQueryAsync(cancel);
        await ShareAsync(connection, cancel); // both are held for a moment, so nobody comes between
        await ScalarAsync(connection, "select pg_advisory_unlock(hashtextextended($1, 0))", cancel);
    }

    /// <summary>Ends by an exception when the server went away or the caller stops.</summary>
    public static async Task WaitUntilLostAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var probe = new NpgsqlCommand("select 1", connection);
        while (true)
            if (!await connection.WaitAsync(ProbeInterval, cancel)) // a server that vanished without a word is noticed by the probe at the latest
                await probe.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Gives the lock back and closes the connection, which may be broken.</summary>
    public static async Task LetGoAsync(NpgsqlConnection connection)
    {
        try
        {
            if (connection.FullState.HasFlag(ConnectionState.Open))
            {
                await using var unlock = new NpgsqlCommand("select pg_advisory_unlock_all()", connection); // a pooled connection would keep it
                await unlock.ExecuteNonQueryAsync();
            }
            await connection.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            await connection.DisposeAsync(); // broken: the server let go of the lock with it
        }
    }

    private async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = key } } };
        return await command.ExecuteScalarAsync(cancel);
    }

    private static DateTimeOffset Moment(NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column).ToUniversalTime();
}
