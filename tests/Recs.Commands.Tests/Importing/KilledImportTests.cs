using Npgsql;
using Recs.Commands.Simulating;
using Recs.EventStore.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class KilledImportTests
{
    [Fact]
    public async Task A_killed_import_of_a_data_set_ends_with_the_log_and_the_summary_of_one_that_was_not()
    {
        var world = new SimulatedWorld(Users: 1500, Movies: 400, MeanRatings: 70).ToDataSet();
        await using var killed = await ImportDatabase.CreateAsync();
        await using var undisturbed = await ImportDatabase.CreateAsync();
        var kill = new KillAt(killed.ConnectionString, world.Movies.Count + world.Users.Count + 1);

        await Should.ThrowAsync<NpgsqlException>(() => killed.Import.RunAsync(world, new(), kill));
        killed.Source.Clear();
        var summary = await killed.Import.RunAsync(world, new());
        var expected = await undisturbed.Import.RunAsync(world, new());

        summary.ResumedFrom.ShouldBeGreaterThan(0);
        summary.Files.ShouldBe(expected.Files);
        (await killed.EventsAsync()).ShouldBe(await undisturbed.EventsAsync());
        (await killed.LinesAsync("select id || ' ' || version from recs.mt_streams order by id")).ShouldBe(await undisturbed.LinesAsync("select id || ' ' || version from recs.mt_streams order by id"));
        (await killed.LinesAsync("select (finished_at is null)::text from recs.recs_imports order by id")).ShouldBe(["true", "false"]);
    }

    private sealed class KillAt(string connectionString, long position) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            if (value.Position < position) return;
            using var killer = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
            using var command = killer.CreateCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            command.ExecuteNonQuery();
        }
    }
}
