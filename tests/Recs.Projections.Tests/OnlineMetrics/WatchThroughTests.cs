using System.Text;
using FsCheck.Fluent;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Users;
using Recs.Projections.OnlineMetrics;
using static Recs.Projections.Tests.OnlineMetrics.OnlineLog;

namespace Recs.Projections.Tests.OnlineMetrics;

public sealed class WatchThroughTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void It_equals_a_brute_force_join_while_no_fact_is_later_than_the_window()
    {
        var cases = from seeds in Gen.ArrayOf(Gen.Choose(0, int.MaxValue)).Resize(300) select seeds;
        foreach (var seeds in cases.Sample(200))
        {
            // Over hours, each fact up to 55 minutes out of its place.
            var facts = seeds.Select((seed, i) => RandomFact(seed, i * 4)).ToList();
            var join = new WatchThrough(Hour);
            foreach (var fact in facts) Tell(join, fact);
            join.Late.ShouldBe(0);
            join.Counts.ShouldBe(new(facts.OfType<RecommendationObserved>().Count(), facts.OfType<RecommendationObserved>().Count(s => Converts(s, facts))), string.Join(',', seeds));
        }
    }

    [Fact]
    public async Task The_read_model_gives_the_same_under_any_window()
    {
        var facts = Enumerable.Range(0, 250).Select(i => RandomFact(i * 7919, i * 4)).ToList();
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync([.. facts.Select(Of), Of(Slate("u0", 0, "m1"))]);
        await log.ProjectAsync(new OnlineMetricsProjection(), 100);
        foreach (var window in new[] { Hour, TimeSpan.FromHours(30) })
        {
            var join = new WatchThrough(window);
            foreach (var fact in facts) Tell(join, fact);
            join.Counts.ShouldBe(await new WatchThroughReader(log.Source).CountAsync("imported", window));
        }

        (await new WatchThroughReader(log.Source).CountAsync("live", Hour)).Slates.ShouldBe(1);
        (await new WatchThroughReader(log.Source).CountAsync("probe", Hour)).Rate.ShouldBeNull();
    }

    [Fact]
    public void A_slate_told_twice_counts_once_and_a_window_includes_both_ends()
    {
        var join = new WatchThrough(Hour);
        for (var i = 0; i < 2; i++) Tell(join, Seen("u", 0, "a"));
        Tell(join, Watched("u", 60, "a"));
        Tell(join, Seen("v", 60, "a"));
        Tell(join, Watched("v", 60, "a"));
        Tell(join, Seen("w", 60, "ab,ba"));
        Tell(join, Watched("w", 61, "a"));
        (join.Counts, join.Repeated).ShouldBe((new WatchThroughCounts(3, 2), 1));
    }

    [Fact]
    public void One_line_from_the_future_closes_no_window_and_what_is_late_is_counted()
    {
        var join = new WatchThrough(Hour);
        Tell(join, Seen("u", 0, "a"));
        Tell(join, Watched("x", 1_000_000, "z"));
        Tell(join, Watched("u", 30, "a"));
        (join.Counts.Converted, join.Late).ShouldBe((1, 0));
        Tell(join, Watched("u", 500, "a"));
        Tell(join, Watched("u", 501, "a"));
        Tell(join, Watched("u", 439, "a"));
        Tell(join, Watched("u", 441, "a"));
        join.Late.ShouldBe(1);
    }

    [Fact]
    public void It_remembers_no_more_than_the_open_windows()
    {
        var join = new WatchThrough(Hour);
        for (var minute = 0; minute < 5_000; minute++)
        {
            Tell(join, Seen("u" + minute, minute, "a,b"));
            Tell(join, Watched("w" + minute, minute, "a"));
        }

        join.OpenPeople.ShouldBeLessThan(300);
    }

    private static bool Converts(RecommendationObserved slate, List<object> facts)
        => facts.OfType<MovieWatched>().Any(w => w.UserId == slate.UserId && slate.Items.Contains(w.MovieId) && w.At >= slate.At && w.At - slate.At <= Hour);

    private static void Tell(WatchThrough join, object fact)
    {
        switch (fact)
        {
            case MovieWatched w: join.Watched(Encoding.UTF8.GetBytes(w.UserId), Encoding.UTF8.GetBytes(w.MovieId), w.At); break;
            case RecommendationObserved s: join.Served(Encoding.UTF8.GetBytes(s.UserId), s.At, Identity(s), Encoding.UTF8.GetBytes(string.Join(',', s.Items))); break;
        }
    }

    private static Guid Identity(RecommendationObserved s) => new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"{s.UserId}|{s.At:O}|{s.LatencyMs}")).AsSpan(0, 16));

    private static object RandomFact(int seed, double around)
    {
        var random = new Random(seed);
        var (user, minutes) = ("u" + random.Next(3), around + (random.Next(4) == 0 ? random.Next(11) * 5 : random.NextDouble() * 55));
        object fact = random.Next(3) == 0
            ? Seen(user, minutes, string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => "m" + random.Next(20)))) with { LatencyMs = seed }
            : Watched(user, minutes, "m" + random.Next(20), random.Next(90));
        return fact;
    }
}
