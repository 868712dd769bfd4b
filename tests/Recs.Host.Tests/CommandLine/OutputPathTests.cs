using Shouldly;
using Xunit;

namespace Recs.Host.Tests.CommandLine;

/// <summary>A path that nothing can be written to is one line in plain words, before any work: there is no database here.</summary>
public sealed class OutputPathTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("recs-output-").FullName;

    public OutputPathTests() => File.WriteAllText(Path.Combine(folder, "log.csv"), "ann,heat+1995,4,100\n");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("snapshot export s --format csv --out /dev/null", "--out '/dev/null' cannot be a folder: '/dev/null' is a file.")]
    [InlineData("snapshot export s --format csv --out /dev/null/exports", "--out '/dev/null/exports' cannot be a folder: '/dev/null' is a file.")]
    [InlineData("snapshot export s --format csv --out /proc/exports", "--out '/proc/exports' cannot be written to:")]
    [InlineData("validate --in FOLDER --out /dev/null", "--out '/dev/null' cannot be a folder")]
    [InlineData("validate --in FOLDER/log.csv --out /dev/null/clean", "--out '/dev/null/clean' cannot be written: '/dev/null' is a file, not a folder.")]
    [InlineData("validate --in FOLDER/log.csv --rejects /no/such/folder/rejects", "--rejects '/no/such/folder/rejects' cannot be written: there is no folder '/no/such/folder'.")]
    [InlineData("rejects list --out FOLDER", "' is a folder, where a file is to be written.")]
    [InlineData("rejects list --out /proc/rejects", "--out '/proc/rejects' cannot be written:")]
    [InlineData("projections list --json /proc/report", "--json '/proc/report' cannot be written:")]
    public async Task a_path_that_cannot_be_written_is_refused_in_plain_words(string line, string said)
    {
        string[] nowhere = line.StartsWith("validate", StringComparison.Ordinal) ? [] : ["--db", "postgres://nobody@127.0.0.1:1/none"];

        var run = await Invocation.OfAsync([.. line.Replace("FOLDER", folder, StringComparison.Ordinal).Split(' '), .. nowhere, "--home", folder]);

        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        run.Error.Trim().Split('\n').Length.ShouldBe(1, run.Error);
        run.Error.ShouldContain(said);
        run.Error.ShouldNotContain("part of the path");
    }
}
