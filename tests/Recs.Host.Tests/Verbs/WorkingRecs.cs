using System.Globalization;
using System.Text;
using System.Text.Json;
using Recs.Testing;
using Shouldly;

namespace Recs.Host.Tests.Verbs;

/// <summary>A database and a home of their own, and a small data set to import; verbs run in this process.</summary>
internal sealed class WorkingRecs : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly string folder = Directory.CreateTempSubdirectory("recs-verbs-").FullName;

    private WorkingRecs(TestDatabase database) => this.database = database;

    /// <summary>A folder in MovieLens 1M's format: 30 people, 40 movies, 10 ratings each.</summary>
    public string Data => Path.Combine(folder, "tiny");

    /// <summary>Its database.</summary>
    public string ConnectionString => database.ConnectionString;

    /// <summary>A path in the test's own folder.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    public static async Task<WorkingRecs> CreateAsync()
    {
        var recs = new WorkingRecs(await TestDatabase.CreateAsync());
        if (!OperatingSystem.IsWindows()) // an embedded server below it runs under an account of its own, which must be able to pass
            File.SetUnixFileMode(recs.folder, File.GetUnixFileMode(recs.folder) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        Directory.CreateDirectory(recs.Data);
        await File.WriteAllLinesAsync(Path.Combine(recs.Data, "movies.dat"), Enumerable.Range(1, 40).Select(m => $"{m}::Film {m} ({1960 + m})::Drama"), Encoding.Latin1);
        await File.WriteAllLinesAsync(Path.Combine(recs.Data, "users.dat"), Enumerable.Range(1, 30).Select(u => $"{u}::F::25::4::12345"), Encoding.Latin1);
        await File.WriteAllLinesAsync(Path.Combine(recs.Data, "ratings.dat"),
            from u in Enumerable.Range(1, 30) from r in Enumerable.Range(0, 10) select $"{u}::{1 + ((u + (r * 3)) % 40)}::{1 + ((u * r) % 5)}::{978_300_000 + (u * 100) + r}", Encoding.Latin1);
        return recs;
    }

    /// <summary>Runs a verb that must end with 0.</summary>
    public async Task<Invocation> RunAsync(params string[] args)
    {
        var run = await TryAsync(args);
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        return run;
    }

    /// <summary>Runs a verb.</summary>
    public Task<Invocation> TryAsync(params string[] args)
        => Invocation.OfAsync([.. args, .. args[0] is "validate" || (args[0] is "evaluate" or "tune" && args.Contains("--data")) ? Array.Empty<string>() : ["--db", database.ConnectionString], "--home", PathOf("home")]);

    /// <summary>Runs a verb with <c>--json -</c> and reads its report.</summary>
    public async Task<JsonElement> ReportAsync(params string[] args) => Read((await RunAsync([.. args, "--json", "-"])).Output);

    /// <summary>Reads what a verb wrote to standard output.</summary>
    public static JsonElement Read(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>Alters the database behind the program's back.</summary>
    public async Task<int> AlterAsync(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>A number in the database.</summary>
    public async Task<long> CountAsync(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
