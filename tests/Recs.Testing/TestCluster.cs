using Npgsql;
using Recs.Postgres;

namespace Recs.Testing;

/// <summary>
/// The PostgreSQL that the tests of one clone share: started by the first test process that needs it, without fsync, stopped by the last. It lives in
/// <c>.recs/tests</c> at the root of the clone and is made anew whenever it does not start.
/// </summary>
public static class TestCluster
{
    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    /// <summary>How to reach its maintenance database, or the server of <c>RECS_TEST_DB</c>.</summary>
    public static Task<string> ConnectionStringAsync()
        => Environment.GetEnvironmentVariable("RECS_TEST_DB") is { Length: > 0 } given ? Task.FromResult(given) : Started.Value;

    /// <summary>Root of the clone: the folder of <c>Recs.sln</c> above the test assembly.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Recs.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Recs.sln in any folder above '{AppContext.BaseDirectory}'.");
    }

    private static async Task<string> StartAsync()
    {
        var options = new ClusterOptions { Folder = Path.Combine(Root(), ".recs", "tests"), User = "recs", Database = "tests", Durable = false };
        var cluster = await EmbeddedPostgres.StartAsync(options);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (cluster.StartedHere) await DropLeftoversAsync(cluster.ConnectionString);
        return cluster.ConnectionString;
    }

    /// <summary>Databases of a test run that was killed.</summary>
    private static async Task DropLeftoversAsync(string server)
    {
        await using var source = NpgsqlDataSource.Create(server + ";Pooling=false");
        await using var list = source.CreateCommand(@"select datname from pg_database where datname like 't\_%'");
        var names = new List<string>();
        await using (var rows = await list.ExecuteReaderAsync())
            while (await rows.ReadAsync()) names.Add(rows.GetString(0));
        foreach (var name in names)
        {
            await using var drop = source.CreateCommand($"drop database if exists {name} with (force)");
            await drop.ExecuteNonQueryAsync();
        }
    }
}
