using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class ValidateVerbTests
{
    private const string Five = "123,the+matrix+1999,5,1700000000\n-3,illegal!id,4,1700000000\n789,good+id,seven,1700000000\n456,also+good+id,6,1700000000\n999,bad id with spaces,3,1700000000\n";

    [Theory]
    [InlineData("0.8", 0)]
    [InlineData("0.79", 1)]
    public async Task the_exit_code_says_whether_the_limit_held(string limit, int code)
    {
        await using var recs = await WithFiveAsync();

        var run = await recs.TryAsync("validate", "--in", recs.PathOf("five.csv"), "--max-reject-rate", limit);

        run.ExitCode.ShouldBe(code, run.Error);
        run.Output.ShouldContain("five.csv, line 3: bad-rating: Rating 'seven'");
    }

    [Fact]
    public async Task the_report_has_the_fields_that_scripts_read_and_the_clean_rows_are_clean()
    {
        await using var recs = await WithFiveAsync();

        var report = await recs.ReportAsync("validate", "--in", recs.PathOf("five.csv"), "--out", recs.PathOf("clean.csv"), "--rejects", recs.PathOf("rejected.jsonl"));

        string[] numbers = ["inputRows", "cleanRows", "duplicateRows", "rejectRows"];
        numbers.Select(n => report.GetProperty(n).GetInt64()).ShouldBe([5L, 1, 0, 4]);
        report.GetProperty("rejectRate").GetDouble().ShouldBe(0.8);
        report.GetProperty("reasons").GetProperty("bad-rating").GetInt64().ShouldBe(2);
        report.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("eventsPerSecond").GetDouble().ShouldBeGreaterThan(0);
        numbers.Select(n => report.GetProperty("files")[0].GetProperty(n).GetInt64()).ShouldBe([5L, 1, 0, 4]);
        (await File.ReadAllLinesAsync(recs.PathOf("rejected.jsonl"))).Select(line => WorkingRecs.Read(line).GetProperty("line").GetInt64()).ShouldBe([2L, 3, 4, 5]);
        (await recs.ReportAsync("validate", "--in", recs.PathOf("clean.csv"))).GetProperty("rejectRows").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task a_check_that_has_nothing_to_judge_by_says_so_in_text_and_json()
    {
        await using var recs = await WithFiveAsync();

        (await recs.TryAsync("validate", "--in", recs.PathOf("five.csv"))).Output.ShouldContain("-         known-ids     Not judged: no catalogue");
        var checks = (await recs.ReportAsync("validate", "--in", recs.PathOf("five.csv"))).GetProperty("checks").EnumerateArray();
        checks.Single(c => c.GetProperty("name").GetString() == "known-ids").ShouldSatisfyAllConditions(c => c.GetProperty("judged").GetBoolean().ShouldBeFalse(), c => c.GetProperty("held").GetBoolean().ShouldBeTrue());
        (await recs.RunAsync("validate", "--in", recs.Data)).Output.ShouldContain("held      known-ids");
    }

    [Theory]
    [InlineData("--in", "no-such-file")]
    [InlineData("--in", "empty")]
    [InlineData("--in", ".")]
    [InlineData("--in", "five.csv", "--max-reject-rate", "1.1")]
    [InlineData("--in", "five.csv", "--max-age", "-1")]
    [InlineData("--in", "five.csv", "--format", "ml-1m")]
    [InlineData("--in", "tiny", "--format", "movielog")]
    public async Task what_cannot_be_validated_is_one_line_and_exit_code_2(params string[] arguments)
    {
        await using var recs = await WithFiveAsync();
        await File.WriteAllTextAsync(recs.PathOf("empty"), "");
        arguments[1] = recs.PathOf(arguments[1]);

        var run = await recs.TryAsync(["validate", .. arguments]);

        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
    }

    private static async Task<WorkingRecs> WithFiveAsync()
    {
        var recs = await WorkingRecs.CreateAsync();
        await File.WriteAllTextAsync(recs.PathOf("five.csv"), Five);
        return recs;
    }
}
