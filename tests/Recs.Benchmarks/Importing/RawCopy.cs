using Npgsql;

namespace Recs.Benchmarks.Importing;

/// <summary>The rows of a log as one binary COPY holds them, kept in memory so that the baseline pays for nothing but its storing.</summary>
internal sealed class RawCopy
{
    private const string Columns = "seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id";

    private readonly List<byte[]> chunks = [];

    public static async Task<RawCopy> ReadAsync(NpgsqlDataSource source, string schema, CancellationToken cancel)
    {
        var rows = new RawCopy();
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy (select {Columns} from {schema}.mt_events order by seq_id) to stdout (format binary)", cancel);
        var buffer = new byte[256 * 1024];
        for (int read; (read = await copy.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel)) > 0;)
            rows.chunks.Add(buffer[..read]);
        return rows;
    }

    /// <summary>Stores the rows in one transaction, the stream rows as another log of the same events has them.</summary>
    public async Task WriteAsync(NpgsqlDataSource source, string streamsFrom, string schema, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await ExecuteAsync(connection, "set local session_replication_role = replica", cancel);
            await using (var copy = await connection.BeginRawBinaryCopyAsync(
                $"copy {schema}.mt_events ({Columns}) from stdin (format binary)", cancel))
                foreach (var chunk in chunks) await copy.WriteAsync(chunk, cancel);
            await ExecuteAsync(connection, $"insert into {schema}.mt_streams select * from {streamsFrom}.mt_streams", cancel);
            await transaction.CommitAsync(cancel);
        }
        await ExecuteAsync(connection, $"analyze {schema}.mt_events, {schema}.mt_streams", cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
