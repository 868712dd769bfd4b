using Recs.Contracts.Users;
using Recs.Projections.OnlineMetrics;
using static Recs.Projections.Tests.OnlineMetrics.OnlineLog;

namespace Recs.Projections.Tests.OnlineMetrics;

public sealed class OnlineMetricsReaderTests
{
    private static async Task<(ProjectedLog Log, OnlineMetricsReader Reader)> OfAsync(params object[] facts)
    {
        var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(facts.Select(Of));
        await log.ProjectAsync(new OnlineMetricsProjection(), 1);
        return (log, new(log.Source, log.Options));
    }

    private static async Task<OnlineFigure> OneAsync(OnlineMetricsReader reader, string metric, OnlineQuery? query = null)
        => (await reader.ReportAsync((query ?? new()) with { Metric = metric })).Figures.ShouldHaveSingleItem();

    [Fact]
    public async Task A_slate_succeeds_if_one_of_its_movies_is_watched_within_half_an_hour()
    {
        var (log, reader) = await OfAsync(
            Slate("1", 0, "a,b,c"), Slate("2", 0, "a,b,c"), Slate("3", 0, "a,b,c"), Slate("4", 0, "a,b,c"),
            Watched("1", 30, "b"), Watched("1", 31, "c"), // in time, to the minute; too late
            Watched("2", 30.001, "b"), // too late for success, in time for watch-through
            Watched("3", 1, "x"), Watched("4", -1, "a")); // not recommended; before the slate
        await using var _ = log;
        var success = await OneAsync(reader, "success");
        (success.Numerator, success.Denominator, success.Value, success.Variant, success.ModelVersion).ShouldBe((1, 4, 0.25, "none", "m-v0.1"));
        (success.Slates, success.ConvertedSlates, success.Items, success.ConvertedItems).ShouldBe((4, 1, 12, 1));
        (success.Low!.Value, success.High!.Value).ShouldBe((ConfidenceInterval.OfProportion(1, 4).Low, ConfidenceInterval.OfProportion(1, 4).High));
        var through = await OneAsync(reader, "watch-through");
        (through.Numerator, through.ConvertedItems).ShouldBe((2, 3));
    }

    [Fact]
    public async Task An_opening_counts_for_the_slate_that_it_names_or_for_all_of_the_window_if_it_names_none()
    {
        var (log, reader) = await OfAsync(
            Slate("1", 0, "a,b", "r1"), Slate("1", 5, "a,b", "r2"), Opened("1", 6, "a", "r1"), Opened("1", 6, "a", "r1"), Opened("1", 7, "b", "unknown"));
        await using var _ = log;
        (await OneAsync(reader, "click-through")).ConvertedItems.ShouldBe(1);
        await log.AppendAsync([Of(Opened("1", 8, "b"))]);
        await log.Rebuild.RebuildAsync(new OnlineMetricsProjection());
        var clicks = await OneAsync(reader, "click-through");
        (clicks.ConvertedSlates, clicks.ConvertedItems).ShouldBe((2, 3));
    }

    [Fact]
    public async Task Channels_are_never_mixed()
    {
        var (log, reader) = await OfAsync(Slate("1", 0, "a"), Slate("1", 1, "a", channel: "probe"), Slate("1", 2, "b", channel: "probe"), Watched("1", 3, "a"));
        await using var _ = log;
        (await OneAsync(reader, "success")).Value.ShouldBe(1);
        (await OneAsync(reader, "success", new("probe"))).Value.ShouldBe(0.5);
        (await reader.ReportAsync(new("tester"))).Figures.ShouldBeEmpty();
        (await OneAsync(reader, MetricDefinition.SessionLength)).Value.ShouldBe(180);
        (await OneAsync(reader, MetricDefinition.SessionLength, new("probe"))).Value.ShouldBe(120);
    }

    [Fact]
    public async Task A_new_definition_is_counted_over_the_whole_past_and_only_it()
    {
        var (log, reader) = await OfAsync(Slate("1", 0, "a,b"), Watched("1", 40, "a", 1), Watched("1", 41, "a", 2), Defined("success", "watched", 7200, "item", minutes: 2));
        await using var _ = log;
        var success = await OneAsync(reader, "success");
        (success.Numerator, success.Denominator).ShouldBe((1, 2));
        (await OneAsync(reader, "watch-through")).Numerator.ShouldBe(1);
        (await reader.DefinitionsAsync()).Single(d => d.Name == "success").MinimalMinutes.ShouldBe(2);
        (await reader.ReportAsync(new())).ThroughSequence.ShouldBe(4);
    }

    [Fact]
    public async Task Time_is_cut_by_the_moment_of_the_slate()
    {
        var (log, reader) = await OfAsync(Slate("1", -10, "a"), Slate("1", 10, "a"), Watched("1", 15, "a"), Slate("1", 12 * 60, "a"));
        await using var _ = log;
        (await reader.ReportAsync(new(Metric: "success", Bucket: TimeBucket.Hour))).Figures.Select(f => (f.Start, f.Numerator, f.Denominator))
            .ShouldBe([(At(-60), 1, 1), (At(0), 1, 1), (At(12 * 60), 0, 1)]);
        (await reader.ReportAsync(new(Metric: "success", Bucket: TimeBucket.Day))).Figures.Select(f => (f.Start, f.Numerator, f.Denominator))
            .ShouldBe([(At(-12 * 60), 2, 2), (At(12 * 60), 0, 1)]);
        (await OneAsync(reader, "success", new(From: At(0), To: At(60)))).Denominator.ShouldBe(1);
    }

    [Fact]
    public async Task Predicted_ratings_are_judged_by_the_first_rating_that_follows()
    {
        var (log, reader) = await OfAsync(
            Slate("1", 0, "a,b", predicted: [4, 3]), Rated("1", 60, "a", 5), Rated("1", 61, "a", 1), Rated("1", 62, "b", 5), Rated("1", 25 * 60, "b", 3));
        await using var _ = log;
        var error = await OneAsync(reader, "rating-error");
        (error.Numerator, error.Denominator).ShouldBe((5, 2));
        error.Value.ShouldBe(Math.Sqrt(2.5), 1e-9);
        var batch = (await reader.ReportAsync(new())).ErrorBatches.ShouldHaveSingleItem();
        (batch.Batch, batch.Ratings, batch.FirstSequence, batch.LastSequence).ShouldBe((1, 2, 2, 4));
    }

    [Fact]
    public async Task Nothing_of_a_forgotten_person_is_counted()
    {
        var (log, reader) = await OfAsync(Slate("1", 0, "a", predicted: [4]), Watched("1", 1, "a"), Rated("1", 2, "a", 4), new UserErased("1", At(3), "asked"), Slate("1", 4, "a"));
        await using var _ = log;
        var report = await reader.ReportAsync(new());
        report.Figures.ShouldBeEmpty();
        report.ErrorBatches.ShouldBeEmpty();
        (await log.LinesAsync("select user_id from read.online_slates union all select user_id from read.online_outcomes union all select user_id from read.online_sessions")).ShouldBeEmpty();
    }
}
