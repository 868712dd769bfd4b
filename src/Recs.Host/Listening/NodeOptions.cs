using Recs.Commands.Consuming;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.Observing;
using Recs.Host.Publishing;
using Recs.Host.Securing;
using Recs.Kafka.SchemaRegistry;
using Recs.Queries.Serving;
using Recs.Training.Reranking;
using Recs.Training.Trainings;

namespace Recs.Host.Listening;

/// <summary>How a node runs.</summary>
/// <param name="Roles">Which parts of the service it runs.</param>
/// <param name="Serving">How it serves.</param>
/// <param name="Security">Who may call, and how often.</param>
/// <param name="Training">How it carries out trainings.</param>
/// <param name="Observing">How it shows what it does.</param>
/// <param name="ImageDigest">Digest of the container image that runs, or null; every slate's provenance tells.</param>
/// <param name="Kafka">Cluster and topics, or null for none.</param>
/// <param name="SchemaRegistry">Registry of the topics' Avro schemas, or null for messages in JSON.</param>
internal sealed record NodeOptions(
    Roles Roles, ServingOptions Serving, SecurityOptions Security, TrainingOptions Training, ObservingOptions Observing, string? ImageDigest, KafkaOptions? Kafka = null,
    SchemaRegistryAddress? SchemaRegistry = null)
{
    /// <summary>Topics that this node consumes; null for none.</summary>
    public ConsumingOptions? Consuming => Kafka is { } kafka && Roles.HasFlag(Roles.Commands) ? new(kafka.Cluster, kafka.Topics, kafka.MovielogTopic, kafka.Group) : null;

    /// <summary>Where this node tells the log to, for people; null for nowhere.</summary>
    public string? RelaysTo => Kafka is { } kafka && Roles.HasFlag(Roles.Relay)
        ? $"{kafka.Cluster.Bootstrap}, topics {kafka.Topics.Prefix}.*, as {(SchemaRegistry is null ? "JSON" : "Avro")}"
        : null;

    /// <summary>What the settings ask for.</summary>
    /// <exception cref="UsageException">A setting has a value that it cannot have.</exception>
    public static NodeOptions Of(Settings settings) => new(
        RoleNames.Parse(settings[Setting.Roles]),
        new ServingOptions { Record = settings.OneOf(Setting.Record, "on", "off") == "on", Demo = settings.OneOf(Setting.Demo, "on", "off") == "on", Rerank = RerankOf(settings) },
        SecuritySettings.Of(settings),
        settings[Setting.TrainingThreads] == "auto" ? new() : new TrainingOptions { Threads = settings.Number(Setting.TrainingThreads, 1, 1024) },
        ObservingOptions.Of(settings),
        settings[Setting.ImageDigest] is { Length: > 0 } digest ? digest : null,
        KafkaOptions.Of(settings),
        MessageFormats.Registry(settings));

    private static RerankChoice? RerankOf(Settings settings)
    {
        if (settings[Setting.Rerank].Length == 0)
            return null;
        try
        {
            return RerankChoice.Parse(settings[Setting.Rerank]);
        }
        catch (ArgumentException)
        {
            throw settings.Wrong(Setting.Rerank, $"NAME:WEIGHT with one of {string.Join(", ", Rerankers.Names)} and a weight above 0 and at most 1, such as dpp:0.3");
        }
    }
}
