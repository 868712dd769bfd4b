using Recs.Commands.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class ErasedPeopleTests
{
    private const string Log =
        """
        2023-10-25T07:20:57,1,GET /rate/heat+1995=4
        2023-10-25T07:20:58,2,GET /rate/heat+1995=4
        2023-10-25T07:20:59,2,recommendation request host:8082, status 200, result: heat+1995, 35 ms
        2023-10-25T07:21:00,3,GET /data/m/heat+1995/3.mpg

        """;

    public static TheoryData<string, string, long[]> Inputs => new()
    {
        { "service.log", Log, [2L, 3] },
        { "log.csv", "1,heat+1995,4,100\n2,heat+1995,4,100\n3,heat+1995,4,100\n", [2L] },
        { "people.jsonl", "{\"user_id\":1}\n{\"user_id\":2}\n{\"user_id\":3}\n", [2L] },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task Rows_of_somebody_who_was_erased_are_rejected_and_all_others_are_stored(string name, string content, long[] rejected)
    {
        await using var database = await ImportDatabase.CreateAsync();
        await EraseAsync(database, "user-shop.2");
        using var folder = new ImportFolder().WithUtf8(name, content);

        var summary = await database.Import.RunAsync(folder.File(name), new(UserPrefix: "shop."));

        summary.Reasons.ShouldBe(new Dictionary<string, long> { [RejectReasons.Erased] = rejected.Length });
        (summary.CleanRows, summary.RejectRows).ShouldBe((2, rejected.Length));
        (await database.LinesAsync("select line || ' ' || reason from recs.recs_rejects order by line")).ShouldBe(rejected.Select(line => $"{line} erased"));
        (await database.EventsAsync("stream_id like '%shop.2' and not is_archived")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0.4, false)]
    [InlineData(0.5, true)]
    public async Task They_count_towards_the_limit_of_rejects(double limit, bool stored)
    {
        await using var database = await ImportDatabase.CreateAsync();
        await EraseAsync(database, "user-2");
        using var folder = new ImportFolder().WithUtf8("service.log", Log);

        var summary = await database.Import.RunAsync(folder.File("service.log"), new(MaxRejectRate: limit));

        (summary.Refused is null, summary.RejectRows).ShouldBe((stored, 2));
        summary.Checks.Single(c => c.Name == "known-ids").Held.ShouldBeFalse();
        (await database.LinesAsync("select count(*)::text from recs.recs_rejects")).ShouldBe(["2"]);
    }

    [Theory]
    [InlineData("service.log", 3)]
    [InlineData("log.csv", 3)]
    public async Task An_import_during_which_somebody_is_erased_goes_on_without_them(string name, int ranges)
    {
        await using var database = await ImportDatabase.CreateAsync();
        var rows = Enumerable.Range(0, ranges * 20_000).Select(i => name == "log.csv" ? $"{i % 7},heat+1995,4,{i}\n" : $"2023-10-25T{i / 3600 % 24:00}:{i / 60 % 60:00}:{i % 60:00},{i % 7},GET /data/m/heat+1995/{i % 90}.mpg\n");
        using var folder = new ImportFolder().WithUtf8(name, string.Concat(rows));

        var summary = await database.Import.RunAsync(folder.File(name), new(), new EraseAfterFirst(database, "user-2"));

        summary.Reasons.Keys.ShouldBe([RejectReasons.Erased]);
        (summary.CleanRows + summary.DuplicateRows + summary.RejectRows).ShouldBe(summary.InputRows);
        (await database.LinesAsync("select count(distinct stream_id)::text from recs.mt_events where starts_with(stream_id, 'user-')")).ShouldBe(["7"]);
        (await database.LinesAsync("select count(*)::text from recs.mt_events where type in ('movie_rated', 'movie_watched') and stream_id <> 'user-2'"))
            .ShouldBe([(await File.ReadAllLinesAsync(folder.File(name))).Where((_, i) => i % 7 != 2).Distinct().Count().ToString()]);
    }

    private static async Task EraseAsync(ImportDatabase database, string stream)
    {
        await database.LinesAsync($"insert into recs.mt_streams (id, version) values ('{stream}', 0) returning id");
        await database.LinesAsync($"select recs.mt_archive_stream('{stream}')::text");
    }

    /// <summary>Erases somebody once the first range is stored.</summary>
    private sealed class EraseAfterFirst(ImportDatabase database, string stream) : IProgress<Recs.EventStore.Importing.ImportProgress>
    {
        private bool _done;

        public void Report(Recs.EventStore.Importing.ImportProgress value)
        {
            if (_done || value.Position < value.Total / 4) return;
            _done = true;
            using var command = database.Source.CreateCommand($"select recs.mt_archive_stream('{stream}')");
            command.ExecuteNonQuery();
        }
    }
}
