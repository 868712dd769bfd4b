using System.Text.Json;
using Recs.Commands.Importing;
using Recs.Commands.Tests.Importing;
using Recs.Commands.Validating;
using Recs.Contracts;
using Recs.Contracts.Quality;

namespace Recs.Commands.Tests.Validating;

public sealed class VerdictTests
{
    private const string Rows = "ann,heat+1995,4,100\nann,heat+1995,4,100\nbob,heat+1995,9,100\nbob,heat+1995,3,200\n";

    [Fact]
    public async Task A_batch_over_its_limit_is_refused_and_taken_by_a_run_with_a_higher_one_and_both_verdicts_are_kept()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().WithUtf8("log.csv", Rows);

        (await database.Import.RunAsync(folder.File("log.csv"), new(MaxRejectRate: 0.2))).Refused.ShouldNotBeNull();
        (await database.EventsAsync()).ShouldBeEmpty();
        (await database.Import.RunAsync(folder.File("log.csv"), new(MaxRejectRate: 0.25))).Refused.ShouldBeNull();

        var verdicts = await VerdictsAsync(database);
        verdicts.Select(v => (v.Source, v.InputRows, v.CleanRows, v.DuplicateRows, v.RejectRows, v.MaxRejectRate, v.Accepted))
            .ShouldBe([("log.csv", 4, 2, 1, 1, 0.2, false), ("log.csv", 4, 2, 1, 1, 0.25, true)]);
        (await database.LinesAsync("select e.type from recs.recs_imports i join recs.mt_events e on e.seq_id = i.verdict_sequence order by i.id")).ShouldBe(["batch_validated", "batch_validated"]);
    }

    [Fact]
    public async Task An_import_finds_what_a_validation_of_the_same_input_found()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().WithUtf8("log.csv", Rows).WithUtf8("events.log",
            "2023-10-25T07:20:57,1,GET /rate/heat+1995=4\n2023-10-25T07:20:57,1,GET /rate/heat+1995=4\n2023-10-25T07:20:57,1,GET /rate/heat+1995=15\n");

        foreach (var file in new[] { "log.csv", "events.log" })
        {
            var how = new ImportOptions(MaxRejectRate: 0.5);
            var alone = ValidateInput.Run(folder.File(file), how, null, null, database.Options.Clock.GetUtcNow());
            var imported = await database.Import.RunAsync(folder.File(file), how);

            (imported.InputRows, imported.CleanRows, imported.DuplicateRows, imported.RejectRows).ShouldBe((alone.InputRows, alone.CleanRows, alone.DuplicateRows, alone.RejectRows));
            imported.Reasons.ShouldBe(alone.Reasons);
            imported.Checks.Where(c => c.Name is not ("volume" or "freshness")).ShouldBe(alone.Checks.Where(c => c.Name is not ("volume" or "freshness")));
        }
    }

    [Fact]
    public async Task A_batch_is_compared_with_the_earlier_ones_of_its_source_but_not_with_itself()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var first = new ImportFolder().WithUtf8("log.csv", Rows);
        using var second = new ImportFolder().WithUtf8("log.csv", "cid,heat+1995,4,300\n");
        await database.Import.RunAsync(first.File("log.csv"), new(Source: "shop"));
        await database.Import.RunAsync(first.File("log.csv"), new(Source: "other"));
        await database.Import.RunAsync(second.File("log.csv"), new(Source: "shop"));

        (await VerdictsAsync(database)).Select(v => v.Checks.Single(c => c.Name == "volume").Held).ShouldBe([true, true, false]);
    }

    private static async Task<List<BatchValidated>> VerdictsAsync(ImportDatabase database)
        => [.. (await database.LinesAsync("select data::text from recs.mt_events where type = 'batch_validated' order by seq_id")).Select(json => JsonSerializer.Deserialize(json, EventJson.Default.BatchValidated)!)];
}
