using System.Data;
using Npgsql;

namespace Recs.EventStore.Importing;

/// <summary>One import of an input at a time: a lock that goes with its connection, also when the process is killed.</summary>
internal sealed class ImportLock : IAsyncDisposable
{
    /// <summary>How long the server may take to notice that the process which held the lock was killed.</summary>
    private const string Patience = "3s";

    private readonly NpgsqlConnection connection;
    private readonly string name;

    private ImportLock(NpgsqlConnection connection, string name) => (this.connection, this.name) = (connection, name);

    /// <summary>Takes the lock.</summary>
    /// <exception cref="ImportRunningException">Another process holds it.</exception>
    public static async Task<ImportLock> TakeAsync(NpgsqlConnection connection, string schema, string key, CancellationToken cancel)
    {
        var taken = new ImportLock(connection, $"recs_import:{schema}:{key}");
        try
        {
            await ExecuteAsync(connection, $"set lock_timeout = '{Patience}'", cancel);
            await taken.CallAsync("pg_advisory_lock", cancel);
            await ExecuteAsync(connection, "reset lock_timeout", cancel);
            return taken;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ImportRunningException(key, e);
        }
    }

    /// <summary>Lets go, unless the connection is broken: then it has already.</summary>
    public async ValueTask DisposeAsync()
    {
        if (connection.FullState.HasFlag(ConnectionState.Open)) await CallAsync("pg_advisory_unlock", CancellationToken.None);
    }

    private async Task CallAsync(string function, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select {function}(hashtextextended($1, 0))", connection);
        command.Parameters.Add(new() { Value = name });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>Another process imports the same input.</summary>
public sealed class ImportRunningException(string key, Exception? cause = null)
    : InvalidOperationException($"Import '{key}' is being run by another process. Wait until it has ended.", cause)
{
    /// <summary>The input's key.</summary>
    public string Key { get; } = key;
}
