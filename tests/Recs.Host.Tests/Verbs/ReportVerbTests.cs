using System.Text.Json;
using Recs.Testing.Movielog;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class ReportVerbTests
{
    private const string Log = """
        2023-10-25T07:00:00,7,recommendation request host:8082, status 200, result: a+1999, b+2001, 12 ms
        2023-10-25T07:00:00,7,recommendation request host:8082, status 200, result: a+1999, b+2001, 12 ms
        2023-10-25T07:10:00,8,recommendation request host:8082, status 200, result: a+1999, b+2001, 12 ms
        2023-10-25T07:20:00,9,recommendation request host:8082, status 0, result: java.net.SocketTimeoutException, 400 ms
        2023-10-25T07:59:59.9999999,7,GET /data/m/b+2001/3.mpg
        2023-10-25T08:10:00.002,8,GET /data/m/b+2001/3.mpg
        2023-10-25T08:10:01,8x,GET /data/m/b+2001/3.mpg

        2023-10-25T08:10:02,8,GET /rate/b+2001=4
        """;

    [Fact]
    public async Task a_movielog_alone_gives_the_published_report()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var path = recs.PathOf("movie.log");
        await File.WriteAllTextAsync(path, Log);
        var report = WorkingRecs.Read((await Invocation.OfAsync("report", "online", "--log", path, "--json", "-")).Output);
        report.EnumerateObject().Select(p => p.Name).Take(8).ShouldBe(
        [
            "metric", "log_file_processed", "total_log_lines", "attribution_window_hours", "total_recommendation_events", "converted_recommendation_events", "watch_through_rate",
            "calculation_timestamp",
        ]);
        Counts(report).ShouldBe((2, 1, 0.5));
        report.GetProperty("total_log_lines").GetInt64().ShouldBe(8);
        report.GetProperty("lines").EnumerateObject().Select(p => $"{p}").ShouldBe(["\"rejected\": 1", "\"failed_requests\": 1", "\"repeated_recommendations\": 1", "\"late\": 0"]);
        var day = await Invocation.OfAsync("report", "online", "--log", path, "--window-hours", "24");
        day.Output.ShouldContain("2 of 2 slates");
        (await Invocation.OfAsync("report", "online", "--log", path, "--window-hours", "0")).ExitCode.ShouldBe(2);
        (await Invocation.OfAsync("report", "online", "--log", path + "x")).ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData("", "holds no line")]
    [InlineData("1,2,5,100\nsomething else\n", "not one of its 2 lines")]
    public async Task a_file_that_is_no_movielog_is_one_line_and_exit_code_2(string content, string said)
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, content);
        var run = await Invocation.OfAsync("report", "online", "--log", path);
        File.Delete(path);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(said);
        run.Error.ShouldContain("GET /data/m/");
    }

    [Fact]
    public async Task the_log_of_the_database_gives_the_same_once_the_file_was_imported()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var path = recs.PathOf("movie.log");
        await using (var file = File.Create(path))
            new MovielogGenerator(seed: 5, users: 300, movies: 40, damageRate: 0.05, repeatRate: 0.02).Write(file, 1_500_000);
        await recs.RunAsync("import", "--data", path);
        foreach (var hours in new[] { "1", "0.25" })
        {
            var ofFile = await recs.ReportAsync("report", "online", "--log", path, "--window-hours", hours);
            var ofDatabase = await recs.ReportAsync("report", "online", "--window-hours", hours);
            Counts(ofFile).Converted.ShouldBeInRange(1, Counts(ofFile).Slates - 1);
            Counts(ofDatabase).ShouldBe(Counts(ofFile));
        }

        (await recs.RunAsync("report", "online")).Output.ShouldContain(" events)");
        var figure = (await recs.ReportAsync("metrics", "online", "--channel", "imported", "--metric", "watch-through")).GetProperty("figures").EnumerateArray().ToList();
        var report = Counts(await recs.ReportAsync("report", "online", "--log", path));
        (figure.Sum(f => f.GetProperty("slates").GetInt64()), figure.Sum(f => f.GetProperty("convertedSlates").GetInt64())).ShouldBe((report.Slates, report.Converted));

        // Somebody else's slates are no case for a replay.
        var replay = await recs.ReportAsync("replay", "--all");
        (replay.GetProperty("identical").GetInt32(), replay.GetProperty("different").GetInt32()).ShouldBe((0, 0));
    }

    private static (long Slates, long Converted, double Rate) Counts(JsonElement report) => (
        report.GetProperty("total_recommendation_events").GetInt64(), report.GetProperty("converted_recommendation_events").GetInt64(), report.GetProperty("watch_through_rate").GetDouble());
}
