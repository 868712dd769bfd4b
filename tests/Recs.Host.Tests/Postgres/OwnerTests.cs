using System.Diagnostics;
using System.Runtime.Versioning;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Postgres;

/// <summary>What becomes of the embedded server when the program that started it ends, in one way or another.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class OwnerTests : IDisposable
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private readonly string folder = Directory.CreateTempSubdirectory("recs-owner-").FullName;

    public OwnerTests() => File.SetUnixFileMode(folder, Open);

    private string Home => Path.Combine(folder, "home");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task after_kill_9_of_its_owner_the_server_goes_on_and_the_next_run_uses_and_stops_it()
    {
        using var up = RecsProcess.Start(Home, "up", "--port", "0");
        await up.HearAsync("Listening on");
        var server = ServerPid().ShouldNotBeNull();
        up.Kill();
        await up.EndAsync();
        using (var running = Process.GetProcessById(server)) running.HasExited.ShouldBeFalse();
        using var next = RecsProcess.Start(Home, "projections", "list");
        (await next.EndAsync()).ShouldBe(0, next.Said);
        next.Said.ShouldNotContain("starting it again");
        ServerPid().ShouldBeNull();
    }

    [Fact]
    public async Task a_service_starts_its_server_again_after_kill_9_of_it()
    {
        using var up = RecsProcess.Start(Home, "up", "--port", "0");
        var address = new Uri((await up.HearAsync("Listening on")).Split(' ')[2]);
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        using (var server = Process.GetProcessById(ServerPid().ShouldNotBeNull())) server.Kill();
        await up.HearAsync("starting it again");
        for (var ready = ""; !ready.Contains("The database answers");)
        {
            using var answer = await http.GetAsync("readyz"); // 503 without a model, but with each check's own state
            ready = await answer.Content.ReadAsStringAsync();
        }
        up.Terminate();
        (await up.EndAsync()).ShouldBe(0, up.Said);
    }

    [Fact]
    public async Task up_stops_in_order_when_asked_to()
    {
        using var up = RecsProcess.Start(Home, "up", "--port", "0");
        await up.HearAsync("Listening on");
        up.Terminate();
        (await up.EndAsync()).ShouldBe(0, up.Said);
        ServerPid().ShouldBeNull();
    }

    [Fact]
    public async Task processes_of_one_home_share_its_server_and_the_last_to_leave_stops_it()
    {
        using var first = RecsProcess.Start(Home, "up", "--port", "0", "--roles", "commands");
        await first.HearAsync("Listening on");
        var server = ServerPid().ShouldNotBeNull();
        using var last = RecsProcess.Start(Home, "up", "--port", "0", "--roles", "projections");
        var address = new Uri((await last.HearAsync("Listening on")).Split(' ')[2]);
        first.Terminate();
        (await first.EndAsync()).ShouldBe(0, first.Said);
        ServerPid().ShouldBe(server, "the other process still uses it");
        using var http = new HttpClient { BaseAddress = address };
        (await http.GetStringAsync("readyz")).ShouldContain("The database answers");
        last.Terminate();
        (await last.EndAsync()).ShouldBe(0, last.Said);
        ServerPid().ShouldBeNull();
    }

    [Fact]
    public async Task an_account_without_rights_runs_a_server_of_its_own()
    {
        var account = Environment.IsPrivilegedProcess ? "nobody" : null;
        Directory.CreateDirectory(Home);
        if (account is not null) await RunAsync("chown", account, Home);
        var program = Path.Combine(folder, "program"); // the tests may lie below a folder that is closed to others
        await RunAsync("cp", "-r", AppContext.BaseDirectory, program);
        await RunAsync("chmod", "-R", "a+rX", program);
        using var list = RecsProcess.StartAs(account, program, Home, "projections", "list");
        (await list.EndAsync()).ShouldBe(0, list.Said);
        list.Said.ShouldContain("UserHistory");
    }

    private int? ServerPid()
    {
        var file = Path.Combine(Home, "postgres", "data", "postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First()) : null;
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0);
    }
}
