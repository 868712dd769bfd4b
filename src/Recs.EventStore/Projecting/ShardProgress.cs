using Npgsql;

namespace Recs.EventStore.Projecting;

/// <summary>The progress row of a shard in <c>mt_event_progression</c>, and the keys of its locks.</summary>
internal sealed class ShardProgress(string schema, string projection)
{
    /// <summary>Name of the row, as Marten writes it.</summary>
    public string Name { get; } = projection.Contains(':', StringComparison.Ordinal)
        ? throw new ArgumentException($"Projection name '{projection}' holds a colon, which separates the parts of a progress row's name.", nameof(projection))
        : projection + ":All";

    /// <summary>Text hashed into the advisory lock of the node that runs the shard.</summary>
    public string LeaderLock => $"{schema}:{Name}";
    /// <summary>Text hashed into the advisory lock of a rebuild.</summary>
    public string RebuildLock => $"{schema}:{Name}:rebuild";

    /// <summary>Makes the row if it is missing.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"insert into {schema}.mt_event_progression (name, last_seq_id) values ($1, 0) on conflict (name) do nothing", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Reads the position; 0 without a row.</summary>
    public async Task<long> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select last_seq_id from {schema}.mt_event_progression where name = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
        return await command.ExecuteScalarAsync(cancel) is long position ? position : 0;
    }

    /// <summary>Locks the row for the rest of the transaction and reads it.</summary>
    public NpgsqlBatchCommand LockStatement()
    {
        var command = new NpgsqlBatchCommand($"select last_seq_id from {schema}.mt_event_progression where name = $1 for update");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
        return command;
    }

    /// <summary>Moves the row, if it is where the caller believes (compare-and-set).</summary>
    /// <returns>False if somebody else moved it.</returns>
    public async Task<bool> MoveAsync(NpgsqlConnection connection, long from, long to, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"update {schema}.mt_event_progression set last_seq_id = $3, last_updated = transaction_timestamp() where name = $1 and last_seq_id = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        await command.PrepareAsync(cancel); // once per connection
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    /// <summary>Tries to become the node that runs the shard; the lock lives as long as the connection's session.</summary>
    public async Task<bool> TryLeadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // A host that vanishes without a word is noticed by the server in about five seconds, so that a standby can take over.
        await using var command = new NpgsqlCommand(
            """
            set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3; set tcp_user_timeout = 5000;
            """, connection);
        await command.ExecuteNonQueryAsync(cancel);
        await using var tryLock = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection);
        tryLock.Parameters.Add(new NpgsqlParameter<string> { TypedValue = LeaderLock });
        return (bool)(await tryLock.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>What a quiet shard asks once a second: an event that came too late for it, and whether a rebuild is under way.</summary>
    public async Task<(string? Late, bool Rebuilding)> AskAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"""
             select
               (select format('event %s of stream ''%s'', type ''%s'', turned up at a number that had been passed as gone', l.seq_id, e.stream_id, e.type)
                from {schema}.recs_late_events l left join {schema}.mt_events e on e.seq_id = l.seq_id where l.shard = $1 order by l.seq_id limit 1),
               exists (select from pg_catalog.pg_locks where locktype = 'advisory' and granted and objsubid = 1
                 and database = (select oid from pg_catalog.pg_database where datname = current_database())
                 and (classid::bigint << 32 | objid::bigint) = hashtextextended($2, 0))
             """, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = RebuildLock });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetBoolean(1));
    }
}
