namespace Recs.Projections.Tests;

public sealed class FoldsAgreeTests
{
    public static TheoryData<string> Names => [.. RecsProjections.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Batches_of_any_size_a_fresh_fold_and_a_rebuild_give_the_same_rows(string name)
    {
        var projection = RecsProjections.Find(name)!;
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(RandomFacts.Make(name.Length, 2_500));

        await log.ProjectAsync(projection, 1, 7, 200, 33);
        var batched = await log.RowsAsync(projection);
        (await log.Rebuild.VerifyAsync(projection)).ShouldBeNull();

        await log.Rebuild.RebuildAsync(projection);
        (await log.RowsAsync(projection)).ShouldBe(batched);
        batched.ShouldNotBeEmpty();
    }
}
