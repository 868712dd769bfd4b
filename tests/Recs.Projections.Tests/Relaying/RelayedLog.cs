using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Topics;
using Recs.Contracts.Users;
using Recs.EventStore.Following;
using Recs.Kafka.Connecting;
using Recs.Kafka.Messages;
using Recs.Projections.Relaying;
using Recs.Testing;

namespace Recs.Projections.Tests.Relaying;

/// <summary>A log, a broker that speaks real Kafka, and relays between them.</summary>
internal sealed class RelayedLog : IAsyncDisposable
{
    public static readonly DateTimeOffset At = new(2024, 5, 6, 7, 8, 9, 10, TimeSpan.Zero);
    public static readonly TopicNames Topics = new("t");
    private readonly List<RunningRelay> _relays = [];

    private RelayedLog(ProjectedLog log) => Log = log;

    public ProjectedLog Log { get; }
    public MockBroker Broker { get; } = new MockBroker()
        .WithTopic(Topics.RecoRequests, 3).WithTopic(Topics.RecoResponses, 3).WithTopic(Topics.UserInteractions, 3).WithTopic(Topics.ModelMetrics).WithTopic(Topics.AbTestEvents);

    public static async Task<RelayedLog> CreateAsync() => new(await ProjectedLog.CreateAsync());

    /// <summary>Starts a relay; what is not told otherwise is short, so that tests are.</summary>
    public async Task<RunningRelay> StartAsync(RelayOptions? options = null, params (string Name, string Value)[] properties)
    {
        var kafka = new KafkaSettings(Broker.Bootstrap, properties.Append(("reconnect.backoff.max.ms", "200")).ToDictionary(p => p.Item1, p => p.Item2));
        var mark = new HighWaterMark(Log.Source, Log.Options);
        await mark.StartAsync();
        var relay = new RunningRelay(mark, new(Log.Source, Log.Options, Log.Types, mark, new JsonMessageEncoder(), (options ?? Options) with { Kafka = kafka }));
        _relays.Add(relay);
        return relay;
    }

    public static RelayOptions Options { get; } = new()
    {
        Kafka = new(""),
        Topics = Topics,
        PageSize = 50,
        RecordEvery = TimeSpan.FromMilliseconds(20),
        OfferAgainEvery = TimeSpan.FromMilliseconds(300),
        AwayAfter = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>Ratings of a few people in turn; the movie's id counts up.</summary>
    public static IEnumerable<Fact> Ratings(int first, int count) => Enumerable.Range(first, count).Select(i => Rated($"u{i % 7}", $"m{i}"));

    public static Fact Rated(string user, string movie) => Fact(StreamIds.User(user), EventAliases.MovieRated, new MovieRated(user, movie, 3.5, At));

    public static RecommendationServed Slate(string user, string request, params Assignment[] assignments) => new(
        request, user, 3, ["1", "2", "3"], [3, 2, 1], "ease", "ease-v0.2", 1, "live", true, null, 0, "0", 1, 1, new(1), 1.25, At, assignments.Length == 0 ? null : assignments);

    public static Fact Fact<T>(string stream, string alias, T body) => new(stream, alias, JsonSerializer.Serialize(body, (JsonTypeInfo<T>)EventJson.Default.GetTypeInfo(typeof(T))!));

    public Task<IReadOnlyList<SeenMessage>> ReadAsync(string topic) => Kcat.ReadAsync(Broker.Bootstrap, topic);

    public Task<long> EndAsync() => NumberAsync("select max(seq_id) from recs.mt_events");

    public async Task<long> NumberAsync(string sql) => long.Parse((await Log.LinesAsync(sql))[0]);

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays) await relay.DisposeAsync();
        Broker.Dispose();
        await Log.DisposeAsync();
    }
}

/// <summary>A relay at work.</summary>
internal sealed class RunningRelay : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly HighWaterMark _mark;
    private readonly Relay _relay;
    private readonly Task _running;
    private bool _disposed;

    public RunningRelay(HighWaterMark mark, Relay relay)
    {
        (_mark, _relay) = (mark, relay);
        _running = Task.Run(() => relay.RunAsync(_stop.Token));
    }

    public RelayHealth Health => _relay.Health();

    /// <summary>Waits until the broker has acknowledged everything through a position.</summary>
    public Task<RelayHealth> ToldAsync(long sequence) => UntilAsync($"told through {sequence}", h => h.Sequence >= sequence);

    public async Task<RelayHealth> UntilAsync(string what, Func<RelayHealth, bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!holds(Health))
        {
            if (_running.IsFaulted) await _running;
            if (patience.IsCancellationRequested) throw new TimeoutException($"It did not happen: {what}. The relay is {Health}");
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
        return Health;
    }

    /// <summary>Ends it in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _relay.Dispose();
        await _mark.DisposeAsync();
        _stop.Dispose();
    }
}
