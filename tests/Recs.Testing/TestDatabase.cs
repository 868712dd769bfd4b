using Npgsql;

namespace Recs.Testing;

/// <summary>A fresh database on a real PostgreSQL, dropped when the test is done.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string server;

    private TestDatabase(string server, string connectionString, string name)
    {
        this.server = server;
        (ConnectionString, Name) = (connectionString, name);
        Source = NpgsqlDataSource.Create(connectionString);
    }

    /// <summary>Connections to the fresh database.</summary>
    public NpgsqlDataSource Source { get; }
    /// <summary>Its connection string.</summary>
    public string ConnectionString { get; }
    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Creates a database on the server of <c>RECS_TEST_DB</c> if that is set, else on the tests' own cluster (see <see cref="TestCluster"/>).</summary>
    /// <param name="template">A database to copy, to which nobody may be connected; null for an empty one.</param>
    public static async Task<TestDatabase> CreateAsync(TestDatabase? template = null)
    {
        var server = await TestCluster.ConnectionStringAsync();
        var name = "t_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(server, $"create database {name}" + (template is null ? "" : $" template {template.Name}"));
        return new(server, new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 40 }.ConnectionString, name);
    }

    /// <summary>Keeps the database until the test process ends. The tests' own cluster is stopped then: who starts it again drops what is left over.</summary>
    public void KeepUntilTheEnd()
    {
        if (Environment.GetEnvironmentVariable("RECS_TEST_DB") is { Length: > 0 })
            AppDomain.CurrentDomain.ProcessExit += (_, _) => DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Drops the database, whoever is still connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await ExecuteAsync(server, $"drop database if exists {Name} with (force)");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
