using System.Reflection;
using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Schema;

namespace Recs.Benchmarks.Appending;

/// <summary>An empty log in a schema of its own, dropped afterwards.</summary>
internal sealed class BenchSchema : IAsyncDisposable
{
    private readonly NpgsqlDataSource source;

    private BenchSchema(NpgsqlDataSource source, EventStoreOptions options) => (this.source, Options) = (source, options);

    public EventStoreOptions Options { get; }

    /// <param name="source">Database.</param>
    /// <param name="name">Schema.</param>
    /// <param name="cancel">Stops.</param>
    /// <param name="rooms">Whose tables there must be beside those of the store.</param>
    public static async Task<BenchSchema> CreateAsync(NpgsqlDataSource source, string name, CancellationToken cancel, params Assembly[] rooms)
    {
        var schema = new BenchSchema(source, new() { Schema = name });
        await schema.DropAsync();
        await SchemaMigrations.ApplyAsync(source, schema.Options, [typeof(EventStoreOptions).Assembly, .. rooms], cancel);
        return schema;
    }

    public ValueTask DisposeAsync() => new(DropAsync());

    private async Task DropAsync()
    {
        await using var drop = source.CreateCommand($"drop schema if exists {Options.Schema} cascade");
        await drop.ExecuteNonQueryAsync();
    }
}
