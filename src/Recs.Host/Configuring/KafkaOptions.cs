using System.Text.RegularExpressions;
using Recs.Contracts.Topics;
using Recs.Host.CommandLine;
using Recs.Kafka.Connecting;
using Recs.Projections.Relaying;

namespace Recs.Host.Configuring;

/// <summary>Which Kafka cluster a process uses, and which of its topics.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Topics">Topic names.</param>
/// <param name="MovielogTopic">Topic with raw lines of a movielog.</param>
/// <param name="Group">Consumer group.</param>
/// <param name="RelayFrom">Where telling the log begins.</param>
internal sealed partial record KafkaOptions(KafkaSettings Cluster, TopicNames Topics, string MovielogTopic, string Group, RelayStart RelayFrom = RelayStart.Beginning)
{
    /// <summary>Settings that it is made of.</summary>
    public static readonly IReadOnlyList<Setting> All = [Setting.Kafka, Setting.TopicPrefix, Setting.MovielogTopic, Setting.KafkaGroup, Setting.KafkaSet, Setting.RelayFrom];

    /// <summary>What the settings ask for; null if they name no broker.</summary>
    /// <exception cref="UsageException">A setting has a value that it cannot have.</exception>
    /// <exception cref="KafkaUnavailableException">There is no librdkafka.</exception>
    public static KafkaOptions? Of(Settings settings)
    {
        if (settings[Setting.Kafka] is not { Length: > 0 } bootstrap)
            return null;
        if (!BrokerAddresses.AreValid(bootstrap))
            throw settings.Wrong(Setting.Kafka, "host:port, or several joined by commas");
        var topics = new TopicNames(Topic(settings, Setting.TopicPrefix, settings[Setting.TopicPrefix]));
        var movielog = settings[Setting.MovielogTopic] is { Length: > 0 } named ? Topic(settings, Setting.MovielogTopic, named) : topics.Movielog;
        var group = settings[Setting.KafkaGroup];
        if (group.Length is 0 or > 200)
            throw settings.Wrong(Setting.KafkaGroup, "1 to 200 characters");
        try
        {
            var cluster = new KafkaSettings(bootstrap, KafkaProperties.Parse(settings[Setting.KafkaSet]));
            cluster.Check();
            return new(cluster, topics, movielog, group, settings.OneOf(Setting.RelayFrom, "beginning", "now") == "now" ? RelayStart.Now : RelayStart.Beginning);
        }
        catch (FormatException e)
        {
            throw new UsageException($"'{Setting.KafkaSet.Name}': {e.Message}", e);
        }
    }

    /// <summary>Kafka takes up to 249 such characters; the longest of our names behind a prefix needs 18 of them.</summary>
    private static string Topic(Settings settings, Setting setting, string name)
        => TopicName().IsMatch(name) ? name : throw settings.Wrong(setting, "1 to 200 letters, digits and . _ -");

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,200}\z")]
    private static partial Regex TopicName();
}
