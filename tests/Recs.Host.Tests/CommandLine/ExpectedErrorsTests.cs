using Recs.EventStore.Importing;
using Recs.Host.CommandLine;
using Recs.Host.Tests.Verbs;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.CommandLine;

/// <summary>What goes wrong around the program is one line and never a stack trace.</summary>
public sealed class ExpectedErrorsTests
{
    [Fact]
    public async Task a_migration_that_was_changed_after_it_was_applied_exits_with_3()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("projections", "list");
        (await recs.AlterAsync("update recs.recs_migrations set sha256 = repeat('0', 64)")).ShouldBeGreaterThan(0);
        Fails(await recs.TryAsync("projections", "list"), 3, "restore the file");
    }

    [Fact]
    public async Task a_database_that_was_set_back_exits_with_3()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        await recs.RunAsync("projections", "list");
        await recs.AlterAsync("alter sequence recs.mt_events_sequence restart with 1");
        Fails(await recs.TryAsync("projections", "list"), 3, "set back");
    }

    [Fact]
    public async Task a_home_that_is_no_folder_exits_with_2()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        await File.WriteAllTextAsync(recs.PathOf("home"), "in the way");
        Fails(await recs.TryAsync("train", "popularity"), 2, recs.PathOf("home"));
    }

    [Fact]
    public void a_second_import_of_what_is_being_imported_exits_with_3()
        => ExpectedErrors.ExitCodeOf(new ImportRunningException("ml-1m")).ShouldBe(3);

    private static void Fails(Invocation run, int exitCode, string expected)
    {
        run.ExitCode.ShouldBe(exitCode, run.Output + run.Error);
        run.Error.Trim().Split('\n').Length.ShouldBe(1, run.Error);
        run.Error.ShouldContain(expected);
    }
}
