using System.Globalization;
using Recs.Contracts.Topics;

namespace Recs.Kafka.Topics;

/// <summary>A topic as it shall be.</summary>
/// <param name="Name">Full name.</param>
/// <param name="Partitions">How many partitions.</param>
/// <param name="Replication">On how many brokers each is kept.</param>
/// <param name="Settings">The broker's settings of the topic, by Kafka's names.</param>
public sealed record PlannedTopic(string Name, int Partitions, short Replication, IReadOnlyDictionary<string, string> Settings);

/// <summary>
/// Which topics there are and how they are set up. Retention is bounded on every one of them: a person who is erased from the log must not stay in a topic for
/// ever. What could not be read is kept longest, so that somebody can look at it.
/// </summary>
/// <param name="Topics">Names.</param>
/// <param name="MovielogTopic">Topic with raw lines of a movielog.</param>
/// <param name="Partitions">Partitions of each topic, from 1. One key stays in one partition only as long as the number stays.</param>
/// <param name="Replication">Brokers that keep each partition, from 1.</param>
/// <param name="Retention">How long messages are kept.</param>
public sealed record TopicPlan(TopicNames Topics, string MovielogTopic, int Partitions = TopicPlan.DefaultPartitions, short Replication = 1, TimeSpan? Retention = null)
{
    /// <summary>Partitions if nobody says otherwise.</summary>
    public const int DefaultPartitions = 6;

    /// <summary>How long messages are kept if nobody says otherwise: a week.</summary>
    public static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(7);

    /// <summary>How much longer than the others dead letters are kept.</summary>
    public const int DeadLetterFactor = 4;

    /// <summary>With three copies or more a write waits for two of them; fewer copies could not spare one.</summary>
    private const short CopiesThatCanSpareOne = 3;

    /// <summary>Every topic.</summary>
    public IReadOnlyList<PlannedTopic> All =>
    [
        .. new[]
        {
            Topics.Watch, Topics.Rate, MovielogTopic, Topics.RecoRequests, Topics.RecoResponses, Topics.UserInteractions, Topics.ModelMetrics, Topics.AbTestEvents,
        }.Select(name => Topic(name, Partitions, Retention ?? DefaultRetention)),
        Topic(Topics.DeadLetter, 1, DeadLetterFactor * (Retention ?? DefaultRetention)),
    ];

    private PlannedTopic Topic(string name, int partitions, TimeSpan retention) => new(name, partitions, Replication, new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["cleanup.policy"] = "delete",
        ["retention.ms"] = ((long)retention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        ["min.insync.replicas"] = Replication >= CopiesThatCanSpareOne ? "2" : "1",
        ["compression.type"] = "producer",
    });
}
