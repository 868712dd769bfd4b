using Confluent.Kafka;

namespace Recs.Kafka.Connecting;

/// <summary>Which Kafka cluster, and how its clients speak to it. Both ends use it: what reads topics and what writes them.</summary>
/// <param name="Bootstrap">One or more <c>host:port</c>, joined by commas.</param>
/// <param name="Properties">Further properties by the names that librdkafka has for them, such as <c>security.protocol</c>; see <see cref="KafkaProperties"/>.</param>
public sealed record KafkaSettings(string Bootstrap, IReadOnlyDictionary<string, string> Properties)
{
    /// <summary>A cluster that needs no further properties.</summary>
    public KafkaSettings(string bootstrap) : this(bootstrap, new Dictionary<string, string>(StringComparer.Ordinal)) { }

    /// <summary>How a consumer is set up. Its offsets are the caller's: it never reads from where nobody told it to, and stores no offset by itself.</summary>
    /// <param name="group">Consumer group.</param>
    public ConsumerConfig Consumer(string group)
    {
        SystemLibrary.Use();
        var config = new ConsumerConfig
        {
            GroupId = group,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest, // only where the position that it was given is out of range
            AllowAutoCreateTopics = false,
            TopicMetadataRefreshIntervalMs = 10_000, // a topic that is made later is found within seconds
            QueuedMaxMessagesKbytes = 16 * 1024,
            FetchWaitMaxMs = 20, // a fact that comes alone changes the next slate soon
            FetchErrorBackoffMs = 50,
        };
        return Of(config);
    }

    /// <summary>How a producer is set up: idempotent, acknowledged by every replica that is in sync.</summary>
    public ProducerConfig Producer()
    {
        SystemLibrary.Use();
        return Of(new ProducerConfig { EnableIdempotence = true, Acks = Acks.All });
    }

    /// <summary>How any other client is set up.</summary>
    public ClientConfig Client()
    {
        SystemLibrary.Use();
        return Of(new ClientConfig());
    }

    /// <summary>Makes a client that does not connect, so that a property which librdkafka does not know is found before anything starts.</summary>
    /// <exception cref="FormatException">A property has no such name or value; the message is for a person.</exception>
    /// <exception cref="KafkaUnavailableException">There is no librdkafka.</exception>
    public void Check()
    {
        try
        {
            var config = Producer();
            config.BootstrapServers = ""; // a client without a broker does nothing
            new ProducerBuilder<Null, Null>(config).SetLogHandler((_, _) => { }).Build().Dispose(); // it warns of properties that are for consumers
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new FormatException($"librdkafka does not take these properties: {e.Message}", e);
        }
    }

    /// <summary>Names the cluster and the properties, without the values of those that are secret.</summary>
    public override string ToString() => $"{Bootstrap} {KafkaProperties.Mask(KafkaProperties.Write(Properties))}".TrimEnd();

    private T Of<T>(T config) where T : ClientConfig
    {
        config.BootstrapServers = Bootstrap;
        config.ClientId = "recs";
        foreach (var (name, value) in Properties)
            config.Set(name, value);
        return config;
    }
}
