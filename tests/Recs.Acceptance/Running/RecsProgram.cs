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

    /// <summary>Imports a small simulated world, trains both models and promotes one.</summary>
    public async Task PrepareAsync(string champion = "linear-autoregression")
    {
        await MustAsync("import", "--data", World.Folder);
        await MustAsync("train", "all");
        await MustAsync("models", "promote", champion + "-v0.1", "--reason", "test");
    }

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
