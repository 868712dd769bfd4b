using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.Versioning;
using Npgsql;
using Recs.Postgres;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Postgres;

[UnsupportedOSPlatform("windows")]
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("recs-postgres-").FullName;

    public EmbeddedPostgresTests() => Open(home);

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public async Task an_empty_folder_becomes_a_durable_cluster_with_checksums()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(At("a", durable: true));
        postgres.StartedHere.ShouldBeTrue();
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
            (await ScalarAsync(postgres, $"show {setting}")).ShouldBe("on", setting);
        (await ScalarAsync(postgres, "select datcollate || ' ' || pg_encoding_to_char(encoding) from pg_database where datname = current_database()")).ShouldBe("C UTF8");
        (await ScalarAsync(postgres, "show listen_addresses")).ShouldBe("");
    }

    [Fact]
    public async Task a_running_server_is_shared_and_the_last_user_stops_it()
    {
        var first = await EmbeddedPostgres.StartAsync(At("a"));
        var second = await EmbeddedPostgres.StartAsync(At("a"));
        second.StartedHere.ShouldBeFalse();
        second.ProcessId.ShouldBe(first.ProcessId);
        await first.DisposeAsync();
        (await ScalarAsync(second, "select 1")).ShouldBe(1);
        await second.DisposeAsync();
        second.ProcessId.ShouldBeNull();
    }

    [Fact]
    public async Task of_two_starters_at_once_one_starts_the_server()
    {
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => EmbeddedPostgres.StartAsync(At("a")))));
        both.Count(p => p.StartedHere).ShouldBe(1);
        both[0].ProcessId.ShouldBe(both[1].ProcessId);
        await Task.WhenAll(both.Select(p => p.DisposeAsync().AsTask()));
        both[0].ProcessId.ShouldBeNull();
    }

    [Fact]
    public async Task what_was_committed_survives_kill_9_of_the_server()
    {
        await using var killed = await EmbeddedPostgres.StartAsync(At("a"));
        await ScalarAsync(killed, "create table kept as select 42 as answer");
        Process.GetProcessById(killed.ProcessId.ShouldNotBeNull()).Kill();
        await using var next = await EmbeddedPostgres.StartAsync(At("a"));
        next.StartedHere.ShouldBeTrue();
        (await ScalarAsync(next, "select answer from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task a_pid_file_that_names_another_program_does_not_keep_the_server_from_starting()
    {
        var first = await EmbeddedPostgres.StartAsync(At("a"));
        var pidFile = Path.Combine(first.Folder, "data", "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(pidFile);
        await first.DisposeAsync();
        await File.WriteAllLinesAsync(pidFile, [Environment.ProcessId.ToString(), .. lines[1..]]);
        await using var next = await EmbeddedPostgres.StartAsync(At("a"));
        (await ScalarAsync(next, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task an_initialisation_that_was_cut_off_is_begun_again()
    {
        await using (var first = await EmbeddedPostgres.StartAsync(At("a")))
            Directory.CreateDirectory(Path.Combine(first.Folder, "data.new", "base"));
        Directory.Delete(Path.Combine(home, "a", "postgres", "data"), recursive: true);
        await using var next = await EmbeddedPostgres.StartAsync(At("a"));
        (await ScalarAsync(next, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task a_server_that_does_not_start_is_reported_with_the_end_of_its_log()
    {
        await (await EmbeddedPostgres.StartAsync(At("a"))).DisposeAsync();
        File.Delete(Path.Combine(home, "a", "postgres", "data", "global", "pg_control"));
        var error = await Should.ThrowAsync<PostgresUnavailableException>(() => EmbeddedPostgres.StartAsync(At("a", durable: true)));
        error.Message.ShouldContain("pg_control");
    }

    [Fact]
    public async Task a_folder_without_server_programs_is_named()
        => (await Should.ThrowAsync<PostgresUnavailableException>(() => EmbeddedPostgres.StartAsync(At("a") with { Binaries = home }))).Message.ShouldContain(home);

    [Fact]
    public async Task a_path_too_long_for_a_socket_works()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(At(string.Join('/', Enumerable.Repeat("a-rather-long-folder-name", 6))));
        (await ScalarAsync(postgres, "select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task below_a_closed_folder_root_keeps_the_cluster_elsewhere_and_says_so()
    {
        var closed = Directory.CreateDirectory(Path.Combine(home, "closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var said = new List<string>();
        await using var postgres = await EmbeddedPostgres.StartAsync(At("closed/clone") with { Say = said.Add });
        (await ScalarAsync(postgres, "select 1")).ShouldBe(1);
        if (Environment.IsPrivilegedProcess)
        {
            postgres.Folder.ShouldStartWith(Path.Combine(home, "system"));
            said.ShouldContain(line => line.Contains(Path.GetDirectoryName(postgres.Folder)!));
            said.Clear();
            await using var again = await EmbeddedPostgres.StartAsync(At("closed/clone") with { Say = said.Add });
            said.ShouldBeEmpty("it was said when the place was chosen");
        }
        else
        {
            postgres.Folder.ShouldStartWith(closed); // only root has to hand the server to another account
        }
    }

    [Fact]
    public async Task a_guard_goes_on_after_what_it_cannot_do_and_says_so()
    {
        var said = new ConcurrentQueue<string>();
        await using var postgres = await EmbeddedPostgres.StartAsync(At("a") with { Say = said.Enqueue });
        using var stop = new CancellationTokenSource();
        var guarding = postgres.GuardAsync(stop.Token);
        var inTheWay = Path.Combine(home, "a", "postgres.starting.lock");
        File.Delete(inTheWay);
        Directory.CreateDirectory(inTheWay); // opening it is refused, as a full disk or lost rights would be
        Process.GetProcessById(postgres.ProcessId.ShouldNotBeNull()).Kill();
        await UntilAsync(() => said.Any(line => line.EndsWith("Trying again.", StringComparison.Ordinal)) || guarding.IsCompleted);
        guarding.IsCompleted.ShouldBeFalse();
        Directory.Delete(inTheWay);
        await UntilAsync(() => postgres.ProcessId is not null || guarding.IsCompleted);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => guarding);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition()) await pause.WaitForNextTickAsync(patience.Token);
    }

    private ClusterOptions At(string folder, bool durable = false) => new()
    {
        Folder = Path.Combine(home, folder),
        User = "recs",
        Database = "recs",
        SystemFolder = Path.Combine(home, "system"),
        Durable = durable,
    };

    private static async Task<object?> ScalarAsync(EmbeddedPostgres postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Temporary folders are closed to others; root's server account must be able to pass.</summary>
    private static void Open(string folder) => File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
}
