using System.Text;
using Recs.Commands.Importing;
using Recs.Host.CommandLine;
using Recs.Host.Simulating.ReplayingData;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Simulating.ReplayingData;

public sealed class ReplayPlanTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("recs-replay-").FullName;
    private readonly DataSet set;

    public ReplayPlanTests()
    {
        var path = Path.Combine(folder, "ratings.csv");
        Interactions.Write(path, rows: 1000, seconds: 3000);
        set = Interactions.Read(path);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static int[] Rows(ReplayPlan plan) => [.. plan.Batches.SelectMany(batch => batch.Rows.ToArray())];

    [Fact]
    public void the_first_part_and_the_rest_are_the_whole_and_share_nothing()
    {
        var (first, rest) = (set.Until(0.8), ReplayPlan.Of(set, 0.8, 1000));
        first.Ratings.Count.ShouldBe(800);
        rest.Facts.ShouldBe(200);
        Rows(rest).Min(row => set.Ratings.Seconds[row]).ShouldBeGreaterThanOrEqualTo(first.Ratings.Seconds.ToArray().Max());
        first.RatingsFile.ShouldNotBeNull().InputRows.ShouldBe(800);
    }

    [Fact]
    public void rows_are_in_the_order_of_time_and_equal_times_in_that_of_the_file()
    {
        var rows = Rows(ReplayPlan.Of(set, 0.5, 1000));
        rows.ShouldBe(rows.OrderBy(row => set.Ratings.Seconds[row]).ThenBy(row => row));
        rows.GroupBy(row => set.Ratings.Seconds[row]).ShouldContain(same => same.Count() > 1);
    }

    [Fact]
    public void a_batch_is_sent_when_all_of_it_has_happened()
    {
        var plan = ReplayPlan.Of(set, 0.5, 1000);
        plan.Batches.Count.ShouldBeGreaterThan(10);
        foreach (var batch in plan.Batches)
            foreach (var row in batch.Rows.ToArray())
                DateTimeOffset.FromUnixTimeSeconds(set.Ratings.Seconds[row]).ShouldBeInRange(batch.From, batch.Until.AddSeconds(-1));
        plan.Batches.Select(batch => batch.Number).ShouldBe(Enumerable.Range(0, plan.Batches.Count));
    }

    [Fact]
    public void many_facts_of_one_moment_are_several_batches()
    {
        var crowd = set with { Ratings = new RatingColumns() };
        for (var i = 0; i < ReplayBatch.MostRows + 1; i++) crowd.Ratings.Add(0, i % 60, (byte)(1 + (i / 60 % 10)), 1_000_000_000);
        ReplayBatch.Cut(crowd, Enumerable.Range(0, crowd.Ratings.Count).ToArray(), TimeSpan.FromSeconds(1)).Select(batch => batch.Rows.Length).ShouldBe([ReplayBatch.MostRows, 1]);
    }

    [Fact]
    public void a_line_says_what_the_row_says()
    {
        var batch = ReplayPlan.Of(set, 0.8, 1).Batches[0];
        var row = batch.Rows.Span[0];
        var at = DateTimeOffset.FromUnixTimeSeconds(set.Ratings.Seconds[row]);
        Encoding.UTF8.GetString(batch.ToLines(set)).Split('\n')[0].ShouldBe(
            $$"""{"type":"rating","userId":"{{set.UserIds[set.Ratings.Users[row]]}}","movieId":"{{set.MovieIds[set.Ratings.Movies[row]]}}","rating":{{set.Ratings.HalfStars[row] / 2}},"at":"{{at:yyyy-MM-ddTHH:mm:ssZ}}"}""");
    }

    [Fact]
    public void another_pace_or_share_is_another_run()
    {
        var keys = new[] { ReplayPlan.Of(set, 0.8, 1000), ReplayPlan.Of(set, 0.8, 1000), ReplayPlan.Of(set, 0.8, 500), ReplayPlan.Of(set, 0.7, 1000) }.Select(plan => plan.KeyOf(plan.Batches[0])).ToArray();
        keys[1].ShouldBe(keys[0]);
        keys.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void a_state_is_kept_whole_and_only_for_its_own_run()
    {
        var (file, plan) = (Path.Combine(folder, "state"), ReplayPlan.Of(set, 0.8, 1000));
        var state = ReplayState.Read(file, plan);
        (state.Sent, state.Asked, state.Stored) = (2, 4, 9);
        state.Refused["422 movieId: unknown"] = 3;
        state.Write(file);
        var read = ReplayState.Read(file, plan);
        (read.Sent, read.Asked, read.Stored, read.Refused.Single()).ShouldBe((2, 4, 9, new("422 movieId: unknown", 3)));
        Should.Throw<UsageException>(() => ReplayState.Read(file, ReplayPlan.Of(set, 0.8, 999))).Message.ShouldContain("other data, of another share or pace");
        File.WriteAllText(file, "no state");
        Should.Throw<UsageException>(() => ReplayState.Read(file, plan));
    }

    [Fact]
    public void a_service_that_is_not_in_the_datas_time_is_refused_with_the_line_to_start_one_that_is()
    {
        var plan = ReplayPlan.Of(set, 0.8, 1000);
        var fresh = ReplayState.Read(null, plan);
        string Trouble(bool simulated, DateTimeOffset now, double speed) => Should.Throw<UsageException>(() => ReplayTimes.Check(plan, fresh, new(simulated, now, speed), "data")).Message;
        var line = $"recs up --clock {plan.Begins.AddSeconds(-10_000):yyyy-MM-ddTHH:mm:ssZ}@1000";
        Trouble(false, plan.Begins, 1).ShouldContain(line);
        Trouble(true, plan.Begins, 500).ShouldContain(line);
        Trouble(true, plan.Begins.AddDays(-30), 1000).ShouldContain(line);
        Trouble(true, plan.Begins.AddDays(30), 1000).ShouldContain("import --data data --until 0.8");
        Should.NotThrow(() => ReplayTimes.Check(plan, fresh, new(true, plan.Begins.AddHours(-1), 1000), "data"));
        fresh.Sent = 1;
        Should.NotThrow(() => ReplayTimes.Check(plan, fresh, new(true, plan.Begins.AddDays(30), 1000), "data"), "what goes on may be late: it catches up");
    }
}
