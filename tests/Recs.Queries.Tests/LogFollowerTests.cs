using System.Text.Json;
using Recs.Queries.Serving;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class LogFollowerTests
{
    [Fact]
    public async Task A_fact_is_in_memory_once_its_position_was_waited_for()
    {
        await using var log = await FollowedLog.StartAsync();
        (await log.Users.GetAsync("1", default)).State.Count.ShouldBe(0);
        await log.ReachAsync(await log.RateAsync("1", "a"));
        (await log.Users.GetAsync("1", default)).State.Count.ShouldBe(1);
        await log.ReachAsync(await log.AddMovieAsync("a"));
        log.Follower.Catalogue.GenreNamed("drama").ShouldBe("Drama");
    }

    [Fact]
    public async Task Waiting_for_a_position_that_does_not_come_ends()
    {
        await using var log = await FollowedLog.StartAsync();
        (await log.Follower.WaitForAsync(1_000_000, TimeSpan.Zero, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_stops_waiting_leaves_nothing_behind()
    {
        await using var log = await FollowedLog.StartAsync();
        using var gone = new CancellationTokenSource();
        var waiting = log.Follower.WaitForAsync(long.MaxValue, TimeSpan.FromMinutes(1), gone.Token).AsTask();
        log.Follower.Waiting.ShouldBe(1);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        log.Follower.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Beyond_the_most_that_may_wait_a_request_is_refused_at_once()
    {
        await using var log = await FollowedLog.StartAsync();
        using var gone = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 10_000).Select(_ => log.Follower.WaitForAsync(long.MaxValue, TimeSpan.FromMinutes(5), gone.Token).AsTask()).ToArray();
        log.Follower.Waiting.ShouldBe(10_000);
        var refused = log.Follower.WaitForAsync(long.MaxValue, TimeSpan.FromMinutes(5), gone.Token);
        refused.IsCompleted.ShouldBeTrue();
        (await refused).ShouldBeFalse();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(waiting));
        log.Follower.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_view_names_the_models_as_they_were_at_its_position()
    {
        await using var log = await FollowedLog.StartAsync();
        await log.ReachAsync(await log.PromoteAsync("m-v0.1"));
        var before = log.Follower.View;
        await log.ReachAsync(await log.PromoteAsync("m-v0.2"));
        before.Registry.Find("m")!.Version.ShouldBe("m-v0.1");
        log.Follower.View.Registry.Find("m")!.Version.ShouldBe("m-v0.2");
    }

    [Fact]
    public async Task A_champion_whose_files_are_mended_answers_though_the_log_stands_still()
    {
        await using var log = await FollowedLog.StartAsync();
        await log.ReachAsync(await log.PromoteAsync("m-v0.1"));
        log.Missing.Add("m-v0.2");
        await log.ReachAsync(await log.PromoteAsync("m-v0.2"));
        var standing = log.Follower.View;
        standing.Champion!.Manifest.Version.ShouldBe("m-v0.1");
        log.Missing.Clear();
        log.Clock.Pass(TimeSpan.FromSeconds(2));
        log.Follower.RetryChampion();
        (log.Follower.View.Champion!.Manifest.Version, log.Follower.Through).ShouldBe(("m-v0.2", standing.Through));
    }

    [Fact]
    public async Task A_movie_without_genres_is_told_and_silences_nobody()
    {
        await using var log = await FollowedLog.StartAsync();
        await log.RawAsync("movie-broken", "movie_added", """{"MovieId":"broken","Title":"t"}""");
        await log.ReachAsync(await log.AddMovieAsync("fine"));
        log.Follower.Catalogue.Count.ShouldBe(1);
        log.Follower.Unreadable.ShouldNotBeNull().ShouldContain("movie-broken");
    }

    [Fact]
    public void An_event_is_left_out_for_what_it_holds_and_not_for_a_defect()
    {
        UnreadableEvents.AreLeftOutFor(new FormatException()).ShouldBeTrue();
        UnreadableEvents.AreLeftOutFor(new JsonException()).ShouldBeTrue();
        UnreadableEvents.AreLeftOutFor(new InvalidOperationException()).ShouldBeFalse();
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_is_told_and_silences_nobody_else()
    {
        await using var log = await FollowedLog.StartAsync();
        await log.Users.GetAsync("broken", default);
        await log.RawAsync("user-broken", "movie_rated", """{"UserId":"broken"}""");
        await log.ReachAsync(await log.RateAsync("fine", "a"));
        (await log.Users.GetAsync("fine", default)).State.Count.ShouldBe(1);
        log.Follower.Unreadable.ShouldNotBeNull().ShouldContain("user-broken");
        await Should.ThrowAsync<FormatException>(async () => await log.Users.GetAsync("broken", default));
    }

    [Fact]
    public async Task An_event_that_fills_a_number_passed_as_gone_reaches_the_memory_all_the_same()
    {
        await using var log = await FollowedLog.StartAsync();
        await log.ReachAsync(await log.RateAsync("1", "a"));
        await log.Users.GetAsync("1", default);
        var drawn = await ScalarAsync(log, "select nextval('recs.mt_events_sequence')");
        await log.ReachAsync(await log.RateAsync("2", "a")); // passes the drawn number: nobody holds it any more
        await ScalarAsync(log, $$"""
            with s as (update recs.mt_streams set version = 2 where id = 'user-1')
            insert into recs.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values ({{drawn}}, gen_random_uuid(), 'user-1', 2, '{"UserId":"1","MovieId":"b","Rating":4,"At":"2001-01-01T00:00:00+00:00"}', 'movie_rated', now()) returning seq_id
            """);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await log.Users.GetAsync("1", default)).State.Count < 2)
            await log.ReachAsync(await log.RateAsync("3", "a")); // each commit makes the mark look again
        patience.IsCancellationRequested.ShouldBeFalse();
    }

    private static async Task<long> ScalarAsync(FollowedLog log, string sql)
    {
        await using var command = log.Database.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
