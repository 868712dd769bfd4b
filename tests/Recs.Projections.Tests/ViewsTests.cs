using Recs.Contracts;

namespace Recs.Projections.Tests;

public sealed class ViewsTests
{
    [Fact]
    public async Task Every_view_answers_and_says_what_it_is()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(
        [
            .. RandomFacts.Make(4, 1_000),
            new(StreamIds.Model("ease"), "model_trained", """{"TrainingId":"t","Model":"ease","Version":"ease-v0.1","ContentHash":"c","SnapshotId":"s","SnapshotSha256":"d","ThroughSequence":5,"Options":{},"Seed":1,"FormatVersion":1,"CodeRevision":"r","Dirty":false,"Files":[],"Seconds":1,"Bytes":1,"At":"2020-01-01T00:00:00Z"}"""),
            new(StreamIds.Model("ease"), "model_evaluated", """{"Model":"ease","Version":"ease-v0.1","Protocol":"leave-last-out","Metrics":{"hr@10":0.1},"At":"2020-01-01T00:00:00Z"}"""),
        ]);
        foreach (var projection in RecsProjections.All) await log.ProjectAsync(projection, 100);
        var views = await log.LinesAsync(
            "select c.relname, obj_description(c.oid) from pg_class c where c.relnamespace = 'read'::regnamespace and c.relkind in ('v', 'r') order by 1");
        views.Count.ShouldBeGreaterThan(20);
        foreach (var view in views)
        {
            var (name, comment) = (view[..view.IndexOf('|')], view[(view.IndexOf('|') + 1)..]);
            comment.ShouldNotBeEmpty(name);
            (await log.LinesAsync($"select * from read.{name} limit 3")).ShouldNotBeEmpty(name);
        }
    }
}
