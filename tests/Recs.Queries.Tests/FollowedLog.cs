using Microsoft.Extensions.Logging.Abstractions;
using Recs.Contracts;
using Recs.Contracts.Movies;
using Recs.Contracts.Registry;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.EventStore.Schema;
using Recs.Projections;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;
using Recs.Testing;
using Recs.Training.Artifacts;

namespace Recs.Queries.Tests;

/// <summary>A log on a real PostgreSQL and a query node's memory that follows it.</summary>
public sealed class FollowedLog : IAsyncDisposable
{
    private readonly EventTypes _types = new EventTypes()
        .Map(EventAliases.MovieRated, EventJson.Default.MovieRated)
        .Map(EventAliases.MovieAdded, EventJson.Default.MovieAdded)
        .Map(EventAliases.ModelTrained, EventJson.Default.ModelTrained)
        .Map(EventAliases.ModelPromoted, EventJson.Default.ModelPromoted);

    private readonly HighWaterMark _mark;
    private readonly EventAppender _appender;

    private FollowedLog(TestDatabase database)
    {
        Database = database;
        var options = new EventStoreOptions();
        _appender = new EventAppender(database.Source, options);
        _mark = new HighWaterMark(database.Source, options);
        _appender.Appended += _mark.Nudge;
        var (ids, numbers) = (new IdPool(), new MovieNumbers());
        Users = new UserStateCache(new UserHistoryReader(database.Source, options, _types, ids).LoadAsync, numbers, ids, long.MaxValue);
        Follower = new LogFollower(
            _types, _mark, new LogSubscription(database.Source, options, _types, _mark), numbers,
            new OpenModels(Open, numbers, Clock), Users, NullLogger<LogFollower>.Instance);
    }

    public TestDatabase Database { get; }
    public UserStateCache Users { get; }
    public LogFollower Follower { get; }
    internal TurnedClock Clock { get; } = new();

    /// <summary>Versions whose files are not there.</summary>
    public HashSet<string> Missing { get; } = [];

    public static async Task<FollowedLog> StartAsync()
    {
        var log = new FollowedLog(await TestDatabase.CreateAsync());
        await SchemaMigrations.ApplyAsync(log.Database.Source, new EventStoreOptions(), [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly]);
        await log._mark.StartAsync();
        await log.Follower.StartAsync(default);
        await log.Follower.Ready;
        return log;
    }

    public Task<long> RateAsync(string user, string movie) => AppendAsync(StreamIds.User(user), _types.Encode(Guid.NewGuid(), new MovieRated(user, movie, 4, DateTimeOffset.UnixEpoch)));

    public Task<long> AddMovieAsync(string movie) => AppendAsync(StreamIds.Movie(movie), _types.Encode(Guid.NewGuid(), new MovieAdded(movie, movie, null, ["Drama"])));

    public Task<long> RawAsync(string stream, string type, string json) => AppendAsync(stream, new NewEvent(Guid.NewGuid(), type, System.Text.Encoding.UTF8.GetBytes(json)));

    /// <summary>Trains a version of the model <c>m</c> and puts it into production.</summary>
    public async Task<long> PromoteAsync(string version)
    {
        await AppendAsync(StreamIds.Model("m"), _types.Encode(Guid.NewGuid(), new ModelTrained(
            "t", "m", version, new string('a', 64), "s1", "sha", 1, new Dictionary<string, string>(), 1, 1, "rev", false, [], 0, 0, DateTimeOffset.UnixEpoch)));
        return await AppendAsync(StreamIds.Model("m"), _types.Encode(Guid.NewGuid(), new ModelPromoted("m", version, null, "me", "better", DateTimeOffset.UnixEpoch)));
    }

    private TableScorer Open(ModelTrained manifest) => Missing.Contains(manifest.Version)
        ? throw new ArtifactNotFoundException("here", manifest.ContentHash)
        : new TableScorer(new Dictionary<string, float> { ["a"] = 1 });

    public async Task ReachAsync(long sequence)
    {
        if (!await Follower.WaitForAsync(sequence, TimeSpan.FromSeconds(30), default))
            throw new TimeoutException($"The follower stands at {Follower.Through}, not at {sequence}.");
    }

    private async Task<long> AppendAsync(string stream, NewEvent e) => (await _appender.AppendAsync(AppendRequest.One(stream, e))).LastSequence;

    public async ValueTask DisposeAsync()
    {
        await Follower.StopAsync(default);
        Follower.Dispose();
        await _appender.DisposeAsync();
        await _mark.DisposeAsync();
        await Database.DisposeAsync();
    }
}
