using System.Diagnostics;
using Npgsql;

namespace Recs.Acceptance.Running;

/// <summary>
/// Two hosts in network namespaces, joined by a cable that can be pulled: a database server here, a program over there (<c>machine-room.sh</c>). Namespaces are made
/// by root, or by a plain user where the kernel lets it, or with sudo.
/// </summary>
public sealed class MachineRoom : IAsyncDisposable
{
    private static readonly string[][] Ways =
    [
        ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"],
        ["unshare", "--user", "--map-current-user", "--keep-caps", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"],
        ["sudo", "-n", "unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"],
    ];

    private readonly string _folder;
    private readonly Process _process;

    private MachineRoom(string folder, Process process)
    {
        (_folder, _process) = (folder, process);
        ConnectionString = $"Host={Path.Combine(folder, "server")};Username=recs;Database=postgres";
    }

    /// <summary>The server from this side, over its Unix socket.</summary>
    public string ConnectionString { get; }

    /// <summary>What the program over there wrote.</summary>
    public string LeaderSaid => File.Exists(Path.Combine(_folder, "leader.log")) ? File.ReadAllText(Path.Combine(_folder, "leader.log")) : "";

    /// <summary>Starts the server.</summary>
    /// <param name="leader">Program that <c>leader</c> will start; the server's address is 10.77.0.1, user <c>recs</c>, database <c>postgres</c>.</param>
    public static async Task<MachineRoom> StartAsync(params string[] leader)
    {
        var folder = Directory.CreateTempSubdirectory("recs-room-").FullName;
        if (!OperatingSystem.IsWindows()) // the server's account must be able to enter
            File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        var way = await WayAsync();
        var account = Environment.IsPrivilegedProcess ? "postgres" : way[0] == "sudo" ? Environment.UserName : ""; // PostgreSQL does not run as root
        string[] command = [.. way, "bash", Path.Combine(AppContext.BaseDirectory, "Running", "machine-room.sh"), folder, ServerPrograms(), account, .. leader];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RECS_HOME"] = Path.Combine(folder, "home");
        var room = new MachineRoom(folder, Process.Start(start)!);
        await room.HearAsync("ready");
        return room;
    }

    /// <summary>Gives an order and waits until it was carried out.</summary>
    public async Task TellAsync(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        await _process.StandardInput.FlushAsync();
        await HearAsync(order + " done");
    }

    /// <summary>Asks the server.</summary>
    public async Task<long> SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _process.StandardInput.Close(); // the script ends, and with it everything in its process namespace
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task HearAsync(string word)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (line == word)
                return;
        throw new InvalidOperationException($"The machine room did not say '{word}': {await _process.StandardError.ReadToEndAsync()}");
    }

    private static string ServerPrograms()
        => Environment.GetEnvironmentVariable("RECS_POSTGRES_BIN") is { Length: > 0 } given ? given
            : Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).Last();

    private static async Task<string[]> WayAsync()
    {
        foreach (var way in Ways)
        {
            using var attempt = Process.Start(new ProcessStartInfo(way[0], [.. way[1..], "true"]) { RedirectStandardError = true });
            await attempt!.WaitForExitAsync();
            if (attempt.ExitCode == 0)
                return way;
        }
        throw new InvalidOperationException("Network namespaces can be made neither by this account nor with sudo; run the tests as root, or let users make namespaces (sysctl user.max_user_namespaces).");
    }
}
