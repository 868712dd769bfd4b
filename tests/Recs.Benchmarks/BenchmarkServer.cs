using Npgsql;
using Recs.Postgres;

namespace Recs.Benchmarks;

/// <summary>The PostgreSQL that benchmarks run on: a private cluster with the product's own settings (durable), made for this run and thrown away, or the given server.</summary>
public sealed class BenchmarkServer : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _embedded;
    private readonly string _folder;

    private BenchmarkServer(BenchmarkArguments arguments, EmbeddedPostgres? embedded, string folder, string connectionString)
        => (Arguments, _embedded, _folder, ConnectionString) = (arguments, embedded, folder, connectionString);

    /// <summary>What was asked.</summary>
    public BenchmarkArguments Arguments { get; }

    /// <summary>Connection to the maintenance database.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts it.</summary>
    public static async Task<BenchmarkServer> StartAsync(BenchmarkArguments arguments, CancellationToken cancel)
    {
        var folder = Path.Combine(Path.GetTempPath(), "recs-bench-" + Guid.NewGuid().ToString("N")[..8]);
        if (arguments.Db is { } given)
            return new(arguments, null, folder, given);
        var embedded = await EmbeddedPostgres.StartAsync(new ClusterOptions { Folder = folder, User = "recs", Database = "bench" }, cancel);
        return new(arguments, embedded, folder, embedded.ConnectionString);
    }

    /// <summary>A line for people, beside the JSON on standard output.</summary>
    public void Say(string line) => (Arguments.Json == "-" ? Console.Error : Console.Out).WriteLine(line);

    /// <summary>An empty database of its own, dropped afterwards.</summary>
    public async Task<BenchmarkDatabase> DatabaseAsync(CancellationToken cancel)
    {
        var name = "bench_" + Guid.NewGuid().ToString("N")[..12];
        await ExecuteAsync($"create database {name}", cancel);
        return new(this, name, new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name, MaxPoolSize = 100 }.ConnectionString);
    }

    internal async Task ExecuteAsync(string sql, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_embedded is null)
            return;
        await _embedded.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>An empty database on the <see cref="BenchmarkServer"/>.</summary>
public sealed class BenchmarkDatabase(BenchmarkServer server, string name, string connectionString) : IAsyncDisposable
{
    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>Connections.</summary>
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(connectionString);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await server.ExecuteAsync($"drop database if exists {name} with (force)", CancellationToken.None);
    }
}
