using Recs.Contracts.Topics;
using Recs.Kafka.Connecting;

namespace Recs.Commands.Consuming;

/// <summary>Which topics are consumed, and how much of them is held in memory.</summary>
/// <param name="Cluster">Where they are.</param>
/// <param name="Topics">What they are called.</param>
/// <param name="MovielogTopic">Topic with raw lines of a movielog.</param>
/// <param name="Group">Consumer group: its processes share the partitions and the positions.</param>
public sealed record ConsumingOptions(KafkaSettings Cluster, TopicNames Topics, string MovielogTopic, string Group)
{
    /// <summary>Messages that are stored in one commit. Fewer are stored as soon as the commit before is done: a message never waits for others.</summary>
    public int BatchMessages { get; init; } = 5000;

    /// <summary>Messages of a partition that wait; past it, or past <see cref="BufferedBytes"/>, the partition is not read until half of them are stored.</summary>
    public int BufferedMessages { get; init; } = 15_000;

    /// <summary>Bytes of a partition's messages that wait.</summary>
    public int BufferedBytes { get; init; } = 8 << 20;

    /// <summary>How long a partition that goes to another consumer is waited for while its last commit is under way; after that, the commit is fenced.</summary>
    public TimeSpan HandOver { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before what could not be stored is tried again; it doubles up to <see cref="LastRetry"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between two tries.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A process that has no partition for longer, while messages wait, says so as a trouble. Joining a group takes a few seconds.</summary>
    public TimeSpan UnassignedAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The topics, in the order in which they are named.</summary>
    public IReadOnlyList<string> Consumed => [Topics.Watch, Topics.Rate, MovielogTopic];

    /// <summary>The topics and where they are, for a person; nothing secret.</summary>
    public override string ToString() => $"{string.Join(", ", Consumed)} from {Cluster.Bootstrap} as group {Group}";
}
