using Npgsql;

namespace Recs.Testing;

/// <summary>A fresh database on a real PostgreSQL, dropped when the test is done.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(NpgsqlDataSource source, string connectionString, string name)
        => (Source, ConnectionString, Name) = (source, connectionString, name);

    /// <summary>Connections to the fresh database.</summary>
    public NpgsqlDataSource Source { get; }
    /// <summary>Its connection string.</summary>
    public string ConnectionString { get; }
    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Creates a database on the server of <c>RECS_TEST_DB</c>.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var server = Environment.GetEnvironmentVariable("RECS_TEST_DB")
            ?? throw new InvalidOperationException("RECS_TEST_DB is not set.");
        var name = "t_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(server, $"create database {name}");
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 40 }.ConnectionString;
        return new(NpgsqlDataSource.Create(connectionString), connectionString, name);
    }

    /// <summary>Drops the database, whoever is still connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await ExecuteAsync(Environment.GetEnvironmentVariable("RECS_TEST_DB")!, $"drop database if exists {Name} with (force)");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
