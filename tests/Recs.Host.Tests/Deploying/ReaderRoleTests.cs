using System.Diagnostics;
using Npgsql;
using Recs.Commands;
using Recs.EventStore;
using Recs.EventStore.Schema;
using Recs.Projections;
using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Deploying;

/// <summary>The role that dashboards read with, made by the very script that the container runs.</summary>
public sealed class ReaderRoleTests : IAsyncLifetime
{
    private const string Password = "it's a secret";
    private TestDatabase database = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        await RunScriptAsync();
        await SchemaMigrations.ApplyAsync(database.Source, new(), [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly, typeof(CommandSide).Assembly]);
    }

    [Fact]
    public async Task It_reads_the_views_and_neither_the_log_nor_writes()
    {
        var views = await ColumnAsync(database.Source, "select table_name from information_schema.views where table_schema = 'read'");
        views.ShouldNotBeEmpty();
        await using var connection = await AsReaderAsync();
        foreach (var view in views)
            await ExecuteAsync(connection, $"select * from read.{view} limit 1");
        await RefusedAsync(connection, "select * from recs.mt_events limit 1");
        await RefusedAsync(connection, "insert into read.movies values ('1', 't', 1, '{}', false, null, null, false, 1, 1)");
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    /// <summary>The test server may trust its peers only by name, so the rights are tried by taking the role on.</summary>
    private async Task<NpgsqlConnection> AsReaderAsync()
    {
        var connection = await database.Source.OpenConnectionAsync();
        await ExecuteAsync(connection, "set session authorization recs_reader");
        return connection;
    }

    private static async Task RefusedAsync(NpgsqlConnection connection, string sql)
        => (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(connection, sql))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

    private async Task RunScriptAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo("sh", [Deployment.At("deploy/postgres/10-reader.sh")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in new[] { ("PGHOST", server.Host), ("PGPORT", server.Port.ToString()), ("POSTGRES_USER", server.Username), ("POSTGRES_DB", server.Database), ("RECS_READER_PASSWORD", Password) })
            start.Environment[name] = value;
        using var script = Process.Start(start)!;
        var said = await Task.WhenAll(script.StandardOutput.ReadToEndAsync(), script.StandardError.ReadToEndAsync());
        await script.WaitForExitAsync();
        script.ExitCode.ShouldBe(0, string.Concat(said));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> ColumnAsync(NpgsqlDataSource source, string sql)
    {
        List<string> found = [];
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            found.Add(rows.GetString(0));
        return found;
    }
}
