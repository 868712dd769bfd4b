using Recs.Contracts.Topics;
using Recs.Kafka.Connecting;

namespace Recs.Projections.Relaying;

/// <summary>Where a log begins to be told that was never told before.</summary>
public enum RelayStart
{
    /// <summary>With its first event.</summary>
    Beginning,
    /// <summary>With what comes after the first start.</summary>
    Now,
}

/// <summary>How the log is told to Kafka.</summary>
public sealed record RelayOptions
{
    /// <summary>Which cluster.</summary>
    public required KafkaSettings Kafka { get; init; }
    /// <summary>Names of the topics; their prefix also names the relay's progress.</summary>
    public TopicNames Topics { get; init; } = new(TopicNames.DefaultPrefix);
    /// <summary>Where to begin; heeded once, at the first start.</summary>
    public RelayStart From { get; init; }
    /// <summary>Most events on a page.</summary>
    public int PageSize { get; init; } = 2_000;
    /// <summary>Most pages that wait for the broker; then the log is not read on.</summary>
    public int PagesInFlight { get; init; } = 10;
    /// <summary>Progress is recorded at most so often. What was told since is told again after a crash.</summary>
    public TimeSpan RecordEvery { get; init; } = TimeSpan.FromMilliseconds(250);
    /// <summary>An event that the broker refused is offered again after this time.</summary>
    public TimeSpan OfferAgainEvery { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>A broker that has acknowledged nothing for so long is said to be away.</summary>
    public TimeSpan AwayAfter { get; init; } = TimeSpan.FromSeconds(3);
}
