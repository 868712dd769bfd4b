using System.CommandLine;
using Npgsql;
using Recs.EventStore.Appending;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Reporting;
using Recs.Host.Tests.Verbs;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.CommandLine;

/// <summary>Work that a signal stops says so, however it ended, and has an exit code of its own.</summary>
public sealed class StoppedTests
{
    public static TheoryData<Exception> OfStopping => new(
        new OperationCanceledException(), new NpgsqlException("closed"), new PostgresException("canceling statement", "ERROR", "ERROR", PostgresErrorCodes.QueryCanceled),
        new AppendOutcomeUnknownException(new IOException()), new UnavailableException("the server is stopping"));

    public static TheoryData<Exception, int> NotOfStopping => new() { { new UsageException("wrong"), 2 }, { new InvalidDataException("altered"), 1 } };

    [Theory]
    [MemberData(nameof(OfStopping))]
    public async Task what_ends_under_stopped_work_is_no_failure_of_its_own(Exception under)
    {
        var (code, said) = await EndsAsync(under, stopped: true);
        code.ShouldBe(130);
        said.ShouldBe("recs: stopped by a signal; what was finished before is kept.");
    }

    [Fact]
    public async Task the_same_without_a_signal_is_a_dependency_that_is_down()
        => (await EndsAsync(new NpgsqlException("closed"), stopped: false)).ShouldBe((3, "recs: closed"));

    [Theory]
    [MemberData(nameof(NotOfStopping))]
    public async Task what_was_found_wrong_before_the_work_stopped_is_told(Exception found, int expected)
        => (await EndsAsync(found, stopped: true)).ShouldBe((expected, "recs: " + found.Message));

    [Fact]
    public async Task an_import_that_is_asked_to_stop_stops_where_the_next_one_goes_on()
    {
        const int lines = 200_000;
        await using var recs = await WorkingRecs.CreateAsync();
        var log = recs.PathOf("service.log");
        await File.WriteAllLinesAsync(log, Enumerable.Range(0, lines).Select(i => $"{DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + i):yyyy-MM-ddTHH:mm:ss},{i % 977},GET /data/m/movie+{i % 89}/{i % 90}.mpg"));
        await recs.RunAsync("projections", "list"); // makes the tables

        using var import = RecsProcess.Start(recs.PathOf("home"), "import", "--data", log, "--db", recs.ConnectionString);
        await Eventually(async () => await recs.CountAsync("select count(*) from recs.mt_events") > 1000);
        import.Terminate();

        (await import.EndAsync()).ShouldBe(130, import.Said);
        import.Said.ShouldContain("recs: stopped by a signal");
        (await recs.CountAsync("select count(*) from recs.mt_events")).ShouldBeLessThan(lines);
    }

    private static async Task<(int Code, string Said)> EndsAsync(Exception e, bool stopped)
    {
        var error = new StringWriter();
        var work = new Verb("work", "Works.") { Options = { Flags.Json() } };
        foreach (var setting in Setting.All) work.Options.Add(Flags.Of(setting));
        var verb = new RootCommand { work.Does(new Terminal(new StringWriter(), error, interactive: false), (_, _) => Task.FromException<int>(e)) };
        using var signal = new CancellationTokenSource();
        if (stopped) await signal.CancelAsync();
        var code = await verb.Parse("work").InvokeAsync(new() { EnableDefaultExceptionHandler = false }, signal.Token);
        return (code, error.ToString().Trim());
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition()) deadline.Token.ThrowIfCancellationRequested();
    }
}
