using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.EventStore.Schema;
using Recs.Testing;

namespace Recs.EventStore.Tests;

/// <summary>A fresh database with the store's tables in it.</summary>
internal sealed class StoreDatabase : IAsyncDisposable
{
    private readonly TestDatabase database;

    private StoreDatabase(TestDatabase database, EventStoreOptions options) => (this.database, Options) = (database, options);

    public EventStoreOptions Options { get; }

    public NpgsqlDataSource Source => database.Source;

    public string ConnectionString => database.ConnectionString;

    public EventReader Reader => new(Source, Options, new EventTypes());

    public static async Task<StoreDatabase> CreateAsync(TimeProvider? clock = null)
    {
        var store = new StoreDatabase(await TestDatabase.CreateAsync(), new() { Clock = clock ?? TimeProvider.System });
        await SchemaMigrations.ApplyAsync(store.Source, store.Options, [typeof(EventStoreOptions).Assembly]);
        return store;
    }

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync() ?? throw new InvalidOperationException("The statement gave no row: " + sql));
    }

    public async Task<IReadOnlyList<string>> LinesAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await row.ReadAsync()) lines.Add(row.GetString(0));
        return lines;
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
