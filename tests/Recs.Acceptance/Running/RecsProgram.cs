using System.Diagnostics;
using Recs.Testing;

namespace Recs.Acceptance.Running;

/// <summary>What a run of the program said and how it ended.</summary>
public sealed record Ended(int ExitCode, string Output, string Error)
{
    public string Everything => Output + Error;
}

/// <summary>The <c>recs</c> program as a user runs it: child processes over a database and a home of its own.</summary>
public sealed class RecsProgram : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "recs.dll");
    private readonly TestDatabase _database;

    private RecsProgram(TestDatabase database) => _database = database;

    /// <summary>The database.</summary>
    public TestDatabase Database => _database;

    /// <summary>Where models are kept.</summary>
    public string Home { get; set; } = Directory.CreateTempSubdirectory("recs-acceptance-").FullName;

    /// <summary>More environment variables of the processes that are started.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Makes an empty database.</summary>
    public static async Task<RecsProgram> CreateAsync() => new(await TestDatabase.CreateAsync());

    /// <summary>Takes a copy of the small simulated world with models trained on it and one in production (see <see cref="PreparedWorld"/>).</summary>
    /// <param name="champion">The model in production, one of <see cref="PreparedWorld.Models"/>.</param>
    public static async Task<RecsProgram> PreparedAsync(string champion = "linear-autoregression") => await (await PreparedWorld.WithAsync(champion)).CopyAsync();

    /// <summary>Another program with a copy of the database, to which nobody may be connected, and of the home.</summary>
    public async Task<RecsProgram> CopyAsync()
    {
        var copy = new RecsProgram(await TestDatabase.CreateAsync(_database));
        foreach (var file in Directory.EnumerateFiles(Home, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy.Home, Path.GetRelativePath(Home, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return copy;
    }

    /// <summary>Keeps database and home until the test process ends.</summary>
    public void KeepUntilTheEnd()
    {
        _database.KeepUntilTheEnd();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Home, recursive: true);
    }

    /// <summary>Runs a verb to its end.</summary>
    public async Task<Ended> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a verb that must succeed.</summary>
    public async Task<Ended> MustAsync(params string[] arguments)
    {
        var ended = await RunAsync(arguments);
        return ended.ExitCode == 0 ? ended : throw new InvalidOperationException($"recs {string.Join(' ', arguments)} ended with {ended.ExitCode}: {ended.Everything}");
    }

    /// <summary>Starts a verb; the caller kills it or waits for it.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["RECS_HOME"] = Home;
        start.Environment["RECS_DB"] = _database.ConnectionString;
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Starts the service on a free port.</summary>
    public Task<RunningService> ServeAsync(params string[] arguments) => RunningService.StartAsync(Start(["up", "--port", "0", .. arguments]));

    /// <summary>Runs SQL against the database, as somebody with access to it could.</summary>
    public async Task<long> SqlAsync(string sql)
    {
        await using var command = _database.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? Convert.ToInt64(value) : 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }
}
