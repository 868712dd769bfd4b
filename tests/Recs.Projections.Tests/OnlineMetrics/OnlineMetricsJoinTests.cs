using FsCheck.Fluent;
using Recs.Contracts.Users;
using Recs.Projections.OnlineMetrics;
using static Recs.Projections.Tests.OnlineMetrics.OnlineLog;

namespace Recs.Projections.Tests.OnlineMetrics;

public sealed class OnlineMetricsJoinTests
{
    private const string Hour = "(extract(epoch from hour) / 3600)::bigint";

    [Fact]
    public async Task It_equals_a_brute_force_join_in_any_order_of_the_log_and_any_batching_and_a_rebuild()
    {
        var projection = new OnlineMetricsProjection();
        await using var log = await ProjectedLog.CreateAsync();
        var cases = from seeds in Gen.ArrayOf(Gen.Choose(0, int.MaxValue)).Resize(110) from batch in Gen.Choose(1, 40) select (seeds, batch);
        foreach (var (seeds, batch) in cases.Sample(30))
        {
            var facts = seeds.Select(RandomFact).ToList();
            await EmptyAsync(log);
            await log.AppendAsync(facts.Select(Of));
            await log.ProjectAsync(projection, batch, 3, 1);
            await ShouldEqualAsync(log, new(facts), $"[{string.Join(',', seeds)}] in batches of {batch}, 3, 1");

            var batched = await log.RowsAsync(projection);
            (await log.Rebuild.VerifyAsync(projection)).ShouldBeNull();
            await log.Rebuild.RebuildAsync(projection);
            (await log.RowsAsync(projection)).ShouldBe(batched);
        }
    }

    [Fact]
    public async Task Errors_are_cut_into_batches_of_1000_pairs_in_the_order_of_their_completion()
    {
        var facts = new List<object>();
        for (var i = 0; i < 1_150; i++)
        {
            var (slate, rating) = (Slate("u" + i % 7, i, $"a{i},b{i}", predicted: [4.25f, 1]), Rated("u" + i % 7, i + 1, "a" + i, 1 + i % 9 / 2.0));
            facts.AddRange(i % 3 == 0 ? [rating, slate] : [slate, rating]); // a rating may stand before its slate in the log
            if (i % 2 == 0) facts.Add(Rated("u" + i % 7, i + 2, "b" + i, 3));
        }
        var projection = new OnlineMetricsProjection();
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(facts.Select(Of));
        await log.ProjectAsync(projection, 400, 37);
        await ShouldEqualAsync(log, new(facts), "batches");
        (await log.LinesAsync("select batch, ratings from read.v_online_rmse order by 1")).ShouldBe(["1|1000", "2|725"]);
        (await log.Rebuild.VerifyAsync(projection)).ShouldBeNull();
    }

    private static async Task ShouldEqualAsync(ProjectedLog log, BruteForceJoin expected, string what)
    {
        const string Series = "metric, channel, model, model_version, variant";
        (await LinesAsync(log, $"select {Series}, {Hour}, slates, converted_slates, items, converted_items from read.online_shares")).ShouldBe(expected.Shares(), what);
        (await LinesAsync(log, $"select {Series}, {Hour}, observations, total, squares from read.online_measures")).ShouldBe(expected.Measures(), what);
        (await LinesAsync(log, $"select {Series}, batch, ratings, squared_errors, first_sequence, last_sequence from read.online_error_batches")).ShouldBe(expected.ErrorBatches(), what);
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(ProjectedLog log, string sql) => [.. (await log.LinesAsync(sql)).Order(StringComparer.Ordinal)];

    private static Task EmptyAsync(ProjectedLog log) => log.ExecuteAsync(
        $"truncate {string.Join(", ", new OnlineMetricsProjection().Tables)}, recs.mt_events, recs.mt_streams, recs.mt_event_progression; alter sequence recs.mt_events_sequence restart");

    /// <summary>Few people, movies and half hours, so that facts meet, often exactly at the end of a window.</summary>
    private static object RandomFact(int seed)
    {
        var random = new Random(seed);
        var (user, movie) = ("u" + random.Next(2), "m" + random.Next(4));
        var minutes = random.Next(3) == 0 ? random.Next(20) * 30.0 : random.Next(600) + random.Next(60_000) / 60_000.0;
        return random.Next(66) switch
        {
            >= 60 => Seen(user, minutes, random.Next(6) == 0 ? "" : $"m{random.Next(6)},m{random.Next(6)}", "host" + random.Next(2), random.Next(4) == 0 ? 503 : 200),
            < 20 => Slate(
                user, minutes, string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(_ => "m" + random.Next(6))), "r" + random.Next(9), random.Next(4) == 0 ? "shadow" : "live",
                $"m-v0.{random.Next(2)}", random.Next(3) == 0 ? [new("x", "b"), new("e", "a")] : null, random.Next(2) == 0 ? [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.NextSingle() * 5)] : null),
            < 35 => Watched(user, minutes, movie, random.Next(3)),
            < 45 => Rated(user, minutes, movie, random.Next(1, 11) / 2.0),
            < 57 => Opened(user, minutes, movie, random.Next(2) == 0 ? "r" + random.Next(9) : null),
            57 => Defined("success", "watched,rated", 60 * random.Next(1, 200), random.Next(2) == 0 ? "slate" : "item", 2.5, random.Next(1, 3)),
            58 => random.Next(2) == 0 ? Defined("rating-error", "rated", 60 * random.Next(1, 3000), "rating") : Defined("own", "opened,rated", 3600, "item", random.Next(2) == 0 ? 4 : null),
            _ => random.Next(4) == 0 ? new UserErased(user, At(minutes), "asked") : Opened(user, minutes, movie),
        };
    }
}
