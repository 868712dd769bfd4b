using Recs.Commands.Importing;
using Recs.Host.Reporting;
using Recs.Host.Verbs;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class ImportVerbTests
{
    [Fact]
    public async Task a_second_import_adds_nothing_and_counts_duplicates()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        (await recs.ReportAsync("import", "--data", recs.Data)).GetProperty("cleanRows").GetInt64().ShouldBe(370);
        var again = await recs.ReportAsync("import", "--data", recs.Data);
        (again.GetProperty("cleanRows").GetInt64(), again.GetProperty("duplicateRows").GetInt64()).ShouldBe((0, 370));
        (await recs.CountAsync("select count(*) from recs.mt_events where type <> 'batch_validated'")).ShouldBe(370);
    }

    [Fact]
    public async Task over_the_reject_limit_nothing_is_stored_and_the_exit_code_is_1()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await File.AppendAllTextAsync(Path.Combine(recs.Data, "ratings.dat"), "1::2::nine::978300000\n");
        var run = await recs.TryAsync("import", "--data", recs.Data, "--max-reject-rate", "0");
        run.ExitCode.ShouldBe(1);
        (await recs.CountAsync("select count(*) from recs.mt_events where type <> 'batch_validated'")).ShouldBe(0);
        (await recs.RunAsync("import", "--data", recs.Data)).Output.ShouldContain("rejected: 1");
    }

    [Fact]
    public void an_import_that_goes_on_does_not_say_that_the_one_before_was_killed()
    {
        using var said = new StringWriter();
        ImportVerb.Show(new Terminal(said, TextWriter.Null, interactive: false), new ImportSummary
        {
            Source = "tiny",
            Format = "ml-1m",
            Key = "k",
            Reasons = new Dictionary<string, long>(),
            Seconds = 1,
            EventsPerSecond = 1,
            Files = [],
            UsersMet = 0,
            InferredMovies = 0,
            ResumedFrom = 1000,
            Refused = null,
            Note = null,
        });
        said.ToString().ShouldContain("went on from event 1,000, where an earlier run ended before it was done");
    }

    [Theory]
    [InlineData("no-such-folder")]
    [InlineData(".")]
    public async Task a_folder_without_a_data_set_is_one_line_and_exit_code_2(string path)
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync("import", "--data", recs.PathOf(path));
        run.ExitCode.ShouldBe(2);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
        run.Error.ShouldContain(recs.PathOf("")[..^1]);
    }
}
