using Npgsql;

namespace Recs.EventStore.Tests.Appending;

/// <summary>Holds a writer in the middle of an append to stream <c>gate</c>: a transaction that has the stream's key and does not end.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly StoreDatabase store;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private Gate(StoreDatabase store, NpgsqlConnection connection, NpgsqlTransaction transaction)
        => (this.store, this.connection, this.transaction) = (store, connection, transaction);

    public static async Task<Gate> CloseAsync(StoreDatabase store)
    {
        var connection = await store.Source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("insert into recs.mt_streams (id, version) values ('gate', 0)", connection);
        await hold.ExecuteNonQueryAsync();
        return new(store, connection, transaction);
    }

    /// <summary>Waits until a writer stands before the gate.</summary>
    public Task BlocksAsync() => Until.Holds(
        async () => await store.ScalarAsync<long>(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0,
        "a writer before the gate");

    /// <summary>Waits until a writer stands before the gate, then lets it pass.</summary>
    public async Task OpenAsync()
    {
        await BlocksAsync();
        await transaction.RollbackAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
