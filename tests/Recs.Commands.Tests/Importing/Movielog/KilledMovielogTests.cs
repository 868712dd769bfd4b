using Npgsql;
using Recs.EventStore.Importing;
using Recs.Testing.Movielog;

namespace Recs.Commands.Tests.Importing.Movielog;

public sealed class KilledMovielogTests
{
    [Fact]
    public async Task A_killed_import_ends_with_the_log_the_rejects_and_the_summary_of_one_that_was_not()
    {
        using var folder = new ImportFolder().With("service.log", "\n\n"u8.ToArray().Concat(new MovielogGenerator(seed: 5, damageRate: 0.05, repeatRate: 0.02).Write(8_000_000, out _)).ToArray());
        await using var killed = await ImportDatabase.CreateAsync();
        await using var undisturbed = await ImportDatabase.CreateAsync();

        await Should.ThrowAsync<NpgsqlException>(() => killed.Import.RunAsync(folder.File("service.log"), new(), new KillAt(killed.ConnectionString)));
        killed.Source.Clear();
        var summary = await killed.Import.RunAsync(folder.File("service.log"), new());
        var expected = await undisturbed.Import.RunAsync(folder.File("service.log"), new());

        summary.ResumedFrom.ShouldBeInRange(1, expected.CleanRows - 1);
        (summary.Files.Single(), summary.InferredMovies).ShouldBe((expected.Files.Single(), expected.InferredMovies));
        summary.Reasons.ShouldBe(expected.Reasons);
        foreach (var sql in new[]
        {
            "select id || ' ' || stream_id || ' ' || version || ' ' || data from recs.mt_events where type <> 'batch_validated' order by seq_id",
            "select id || ' ' || version from recs.mt_streams order by id",
            "select line || ' ' || reason || ' ' || raw from recs.recs_rejects order by line",
        })
            (await killed.LinesAsync(sql)).SequenceEqual(await undisturbed.LinesAsync(sql)).ShouldBeTrue(sql);
    }

    /// <summary>Ends the server's side of every connection once the first range is stored.</summary>
    private sealed class KillAt(string connectionString) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            using var killer = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
            using var command = killer.CreateCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            command.ExecuteNonQuery();
        }
    }
}
