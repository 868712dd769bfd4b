using Npgsql;

namespace Recs.EventStore.Tests.Following;

/// <summary>A session of its own that draws numbers and inserts events by hand, step by step.</summary>
internal sealed class ForeignWriter : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private ForeignWriter(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<ForeignWriter> OpenAsync(StoreDatabase store)
    {
        var connection = new NpgsqlConnection(store.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return new(connection);
    }

    public async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> DrawAsync()
    {
        await using var command = new NpgsqlCommand("select nextval('recs.mt_events_sequence')", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task InsertAsync(long sequence, string stream = "foreign", string type = "thing_happened", string data = "{}")
    {
        await using var command = new NpgsqlCommand(
            """
            with s as (insert into recs.mt_streams (id, version) values ($2, 1) on conflict (id) do update set version = mt_streams.version + 1 returning version)
            insert into recs.mt_events (seq_id, id, stream_id, version, data, type, timestamp) select $1, gen_random_uuid(), $2, version, $4::jsonb, $3, now() from s
            """, connection);
        foreach (var value in new object[] { sequence, stream, type, data }) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Draws and inserts in one statement, committed at once.</summary>
    public async Task<long> AppendAsync(string stream = "foreign", string type = "thing_happened", string data = "{}")
    {
        await RunAsync("begin");
        var sequence = await DrawAsync();
        await InsertAsync(sequence, stream, type, data);
        await RunAsync("commit");
        return sequence;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
