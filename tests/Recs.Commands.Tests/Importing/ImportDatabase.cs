using Npgsql;
using Recs.Commands.Importing;
using Recs.EventStore;
using Recs.EventStore.Schema;
using Recs.Testing;

namespace Recs.Commands.Tests.Importing;

/// <summary>A fresh database with the tables of the store and of imports.</summary>
internal sealed class ImportDatabase : IAsyncDisposable
{
    private readonly TestDatabase database;

    private ImportDatabase(TestDatabase database) => this.database = database;

    public EventStoreOptions Options { get; } = new();
    public NpgsqlDataSource Source => database.Source;
    public string ConnectionString => database.ConnectionString;
    public ImportDataSet Import => new(Source, Options);

    public static async Task<ImportDatabase> CreateAsync()
    {
        var created = new ImportDatabase(await TestDatabase.CreateAsync());
        await SchemaMigrations.ApplyAsync(created.Source, created.Options, [typeof(EventStoreOptions).Assembly, typeof(ImportDataSet).Assembly]);
        return created;
    }

    public async Task<IReadOnlyList<string>> LinesAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await row.ReadAsync()) lines.Add(row.IsDBNull(0) ? "null" : row.GetString(0));
        return lines;
    }

    /// <summary>Stream, type and body of each event in log order, verdicts on batches left out.</summary>
    public Task<IReadOnlyList<string>> EventsAsync(string where = "true") => LinesAsync($"select stream_id || ' ' || type || ' ' || data from recs.mt_events where type <> 'batch_validated' and {where} order by seq_id");

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
