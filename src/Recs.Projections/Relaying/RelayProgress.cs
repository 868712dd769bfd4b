using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Following;

namespace Recs.Projections.Relaying;

/// <summary>The relay's row in <c>recs_relay</c>.</summary>
internal sealed class RelayProgress(EventStoreOptions options, string name)
{
    /// <summary>Makes the row at the first start, which decides for good where the telling begins.</summary>
    /// <param name="connection">Open connection.</param>
    /// <param name="startAfter">Position after which a log that was never told begins to be.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>Position told already.</returns>
    public async Task<long> BeginAsync(NpgsqlConnection connection, long startAfter, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"insert into {options.Schema}.recs_relay (name, position, started_after, started_at, updated_at) values ($1, $2, $2, $3, $3) on conflict (name) do nothing", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = startAfter });
        command.Parameters.Add(Now());
        await command.ExecuteNonQueryAsync(cancel);
        return await ReadAsync(connection, cancel) ?? startAfter;
    }

    /// <summary>Position told already; null if nobody ever began.</summary>
    public async Task<long?> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select position from {options.Schema}.recs_relay where name = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    /// <summary>Moves the position, if it is where the caller believes (compare-and-set). The same position twice only asks.</summary>
    /// <exception cref="FencedException">Somebody else moved it.</exception>
    public async Task MoveAsync(NpgsqlConnection connection, long from, long to, CancellationToken cancel)
    {
        if (from == to)
        {
            if (await ReadAsync(connection, cancel) is var found && found != from) throw Fenced(from);
            return;
        }
        await using var command = new NpgsqlCommand($"update {options.Schema}.recs_relay set position = $3, updated_at = $4 where name = $1 and position = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        command.Parameters.Add(Now());
        if (await command.ExecuteNonQueryAsync(cancel) != 1) throw Fenced(from);
    }

    private FencedException Fenced(long from) => new($"The relay '{name}' was fenced: its progress was left at {from} and is elsewhere now. Starting over from there.");

    private NpgsqlParameter<DateTimeOffset> Now() => new() { TypedValue = options.WallClock.GetUtcNow().ToUniversalTime() };
}
