using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.UserStates;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests;

public class UserStateCacheTests
{
    private readonly IdPool _ids = new();
    private readonly MovieNumbers _numbers = new();
    private int _loads;

    private UserHistoryState Folded(string user, params string[] movies)
        => movies.Select((movie, i) => Facts.Rated(user, i + 1, movie)).Aggregate(UserHistoryState.Empty, (state, e) => state.Apply(e, _ids));

    private UserStateCache Cache(Func<string, Task<UserHistoryState>> load, long budget = long.MaxValue) => new(
        (user, _) =>
        {
            Interlocked.Increment(ref _loads);
            return load(user);
        },
        _numbers, _ids, budget);

    private string[] MoviesOf(KnownUser user) => [.. user.Movies.Select(_numbers.IdOf)];

    [Fact]
    public async Task A_person_is_loaded_once()
    {
        var cache = Cache(user => Task.FromResult(Folded(user, "a", "b")));
        await cache.GetAsync("1", default);
        MoviesOf(await cache.GetAsync("1", default)).ShouldBe(["a", "b"]);
        _loads.ShouldBe(1);
    }

    [Fact]
    public async Task A_movie_counts_from_its_last_time()
    {
        var cache = Cache(user => Task.FromResult(Folded(user, "a", "b", "a")));
        MoviesOf(await cache.GetAsync("1", default)).ShouldBe(["b", "a"]);
    }

    [Fact]
    public async Task The_next_event_of_the_stream_is_folded_in_place()
    {
        var cache = Cache(user => Task.FromResult(Folded(user, "a")));
        await cache.GetAsync("1", default);
        cache.Apply("1", Facts.Rated("1", 2, "b"));
        MoviesOf(await cache.GetAsync("1", default)).ShouldBe(["a", "b"]);
        _loads.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_that_the_load_had_seen_changes_nothing()
    {
        var cache = Cache(user => Task.FromResult(Folded(user, "a", "b")));
        await cache.GetAsync("1", default);
        cache.Apply("1", Facts.Rated("1", 2, "b"));
        (await cache.GetAsync("1", default)).State.Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_event_makes_the_person_load_anew()
    {
        var now = Folded("1", "a");
        var cache = Cache(_ => Task.FromResult(now));
        await cache.GetAsync("1", default);
        now = Folded("1", "a", "b", "c");
        cache.Apply("1", Facts.Rated("1", 3, "c"));
        MoviesOf(await cache.GetAsync("1", default)).ShouldBe(["a", "b", "c"]);
        _loads.ShouldBe(2);
    }

    [Fact]
    public async Task An_event_that_arrives_during_a_load_is_not_lost()
    {
        var gate = new TaskCompletionSource();
        var stale = Folded("1", "a");
        var answers = new Queue<UserHistoryState>([stale, Folded("1", "a", "b")]);
        var loading = new TaskCompletionSource();
        var cache = Cache(async _ =>
        {
            loading.TrySetResult();
            await gate.Task;
            return answers.Dequeue();
        });
        var asked = cache.GetAsync("1", default).AsTask();
        await loading.Task;
        cache.Apply("1", Facts.Rated("1", 2, "b"));
        gate.SetResult();
        MoviesOf(await asked).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task The_least_recently_used_goes_when_the_budget_is_spent()
    {
        var one = KnownUser.Of(Folded("1", "a"), _numbers).EstimatedBytes;
        var cache = Cache(user => Task.FromResult(Folded(user, "a")), budget: one * 2);
        await cache.GetAsync("1", default);
        await cache.GetAsync("2", default);
        await cache.GetAsync("1", default);
        await cache.GetAsync("3", default);
        cache.Count.ShouldBe(2);
        cache.Bytes.ShouldBeLessThanOrEqualTo(one * 2);
        _loads = 0;
        await cache.GetAsync("1", default);
        _loads.ShouldBe(0);
        await cache.GetAsync("2", default);
        _loads.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_load_is_tried_again()
    {
        var fail = true;
        var cache = Cache(user => fail ? Task.FromException<UserHistoryState>(new IOException("down")) : Task.FromResult(Folded(user, "a")));
        await Should.ThrowAsync<IOException>(async () => await cache.GetAsync("1", default));
        fail = false;
        MoviesOf(await cache.GetAsync("1", default)).ShouldBe(["a"]);
    }
}
