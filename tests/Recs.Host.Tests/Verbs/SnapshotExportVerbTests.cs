using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class SnapshotExportVerbTests
{
    [Fact]
    public async Task a_snapshot_is_exported_once_and_its_files_are_verified_without_a_database()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        await recs.RunAsync("snapshot", "take", "--id", "pinned");
        string[] export = ["snapshot", "export", "pinned", "--format", "parquet", "--out", recs.PathOf("out")];
        var report = await recs.ReportAsync(export);
        report.GetProperty("manifest").GetProperty("files").EnumerateArray().Select(f => f.GetProperty("rows").GetInt64()).ShouldBe([300, 40, 30]);
        (await recs.ReportAsync(export)).GetProperty("wasThere").GetBoolean().ShouldBeTrue();
        (await recs.RunAsync(export)).Output.ShouldContain("is there already");

        var folder = report.GetProperty("path").GetString()!;
        (await Invocation.OfAsync("snapshot", "verify", folder, "--db", "postgres://nobody@127.0.0.1:1/none")).ExitCode.ShouldBe(0);
        await File.AppendAllTextAsync(Path.Combine(folder, "users.parquet"), "x");
        var damaged = await recs.TryAsync("snapshot", "verify", folder);
        (damaged.ExitCode, damaged.Error).ShouldSatisfyAllConditions(d => d.ExitCode.ShouldBe(1), d => d.Error.ShouldContain("users.parquet' is damaged"));
        (await recs.TryAsync(export)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task a_name_that_another_data_set_has_is_one_sentence_without_digests()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        await recs.RunAsync("snapshot", "take", "--id", "pinned", "--through", "200");
        var again = await recs.TryAsync("snapshot", "take", "--id", "pinned", "--through", "300");
        again.ExitCode.ShouldBe(2);
        again.Error.ShouldBe("recs: Snapshot 'pinned' exists already and holds another data set, the log through 200 and not through 300. Choose another name.\n");
    }

    [Theory]
    [InlineData("snapshot export missing --format csv", "no snapshot 'missing'")]
    [InlineData("snapshot export s --format xml", "'csv' 'parquet'. 'recs snapshot export --help'")]
    [InlineData("snapshot export s", "--format")]
    public async Task what_cannot_be_exported_is_bad_usage(string line, string said)
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync(line.Split(' '));
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(said);
    }
}
