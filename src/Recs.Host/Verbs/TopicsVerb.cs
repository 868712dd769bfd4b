using System.CommandLine;
using System.Globalization;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Reporting;
using Recs.Kafka.Topics;

namespace Recs.Host.Verbs;

/// <summary><c>recs topics</c>: the Kafka topics of Recs.</summary>
internal static class TopicsVerb
{
    private const int MostPartitions = 10_000;
    private const int MostCopies = 100;
    /// <summary>A hundred years.</summary>
    private const int MostHours = 876_600;

    private static readonly Option<int> Partitions = new("--partitions") { HelpName = "N", DefaultValueFactory = _ => TopicPlan.DefaultPartitions, Description = "Partitions of each topic; that of dead letters has one." };
    private static readonly Option<int> Replication = new("--replication") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Brokers that keep each partition." };
    private static readonly Option<int> RetentionHours = new("--retention-hours")
    {
        HelpName = "N",
        DefaultValueFactory = _ => (int)TopicPlan.DefaultRetention.TotalHours,
        Description = $"How long messages are kept; dead letters {TopicPlan.DeadLetterFactor} times as long. Never for ever, since persons can be erased.",
    };
    private static readonly Option<double> Timeout = new("--timeout") { HelpName = "SECONDS", DefaultValueFactory = _ => 10, Description = "Give up (exit 3) when Kafka has not answered by then." };

    public static Command Create(Terminal terminal) => new("topics", "The Kafka topics that Recs reads and writes.")
    {
        With(new Verb("create", "Make the topics that are missing. Those that are there stay as they are; exit 1 if one has another number of partitions.")
        {
            Examples = ["topics create --kafka localhost:9092", "topics create --kafka localhost:9092 --partitions 12 --replication 3 --retention-hours 72"],
            Options = { Partitions, Replication, RetentionHours, Timeout, Flags.Json() },
        }).Does(terminal, CreateAsync),
        With(new Verb("list", "Show which of the topics are there and how many partitions they have; exit 1 if one is missing or has another number than --partitions says.")
        {
            Examples = ["topics list --kafka localhost:9092"],
            Options = { Partitions, Timeout, Flags.Json() },
        }).Does(terminal, ListAsync),
    };

    private static Verb With(Verb verb)
    {
        foreach (var setting in new[] { Setting.Kafka, Setting.TopicPrefix, Setting.MovielogTopic, Setting.KafkaSet }) verb.Add(Flags.Of(setting));
        return verb;
    }

    private static async Task<int> CreateAsync(Run run, CancellationToken cancel)
    {
        var kafka = Kafka(run);
        var plan = new TopicPlan(
            kafka.Topics, kafka.MovielogTopic, InRange(run, Partitions, MostPartitions), (short)InRange(run, Replication, MostCopies), TimeSpan.FromHours(InRange(run, RetentionHours, MostHours)));
        return Report(run, await Administration(run, kafka).CreateAsync(plan, cancel), created: true);
    }

    private static async Task<int> ListAsync(Run run, CancellationToken cancel)
    {
        var kafka = Kafka(run);
        var plan = new TopicPlan(kafka.Topics, kafka.MovielogTopic, InRange(run, Partitions, MostPartitions));
        return Report(run, await Administration(run, kafka).ListAsync(plan, cancel), created: false);
    }

    private static int Report(Run run, IReadOnlyList<TopicState> topics, bool created)
    {
        run.Terminal.Table([["topic", "partitions", "state"], .. topics.Select(t => new[] { t.Topic.Name, $"{t.Partitions}", Said(t, created) })], 1);
        run.Terminal.Report(run.JsonTarget, new { topics = topics.Select(t => new { topic = t.Topic.Name, outcome = t.Outcome.ToString().ToLowerInvariant(), partitions = t.Partitions, planned = t.Topic.Partitions }) });
        return topics.Any(t => t.Outcome is TopicOutcome.Differs or TopicOutcome.Missing) ? ExitCode.NotHeld : ExitCode.Done;
    }

    private static KafkaOptions Kafka(Run run) => KafkaOptions.Of(run.Settings) ?? throw new UsageException("no broker is named: give --kafka HOST:PORT, or set RECS_KAFKA.");

    private static TopicAdministration Administration(Run run, KafkaOptions kafka) => run.Get(Timeout) is var seconds and > 0 and <= 3600
        ? new(kafka.Cluster, TimeSpan.FromSeconds(seconds))
        : throw new UsageException($"--timeout is a number of seconds above 0 and up to 3600, not {run.Get(Timeout).ToString(CultureInfo.InvariantCulture)}.");

    private static string Said(TopicState state, bool created) => state.Outcome switch
    {
        TopicOutcome.Created => "created",
        TopicOutcome.Exists => created ? "was there already" : "is there",
        TopicOutcome.Missing => "is missing: 'recs topics create' makes it",
        _ => $"has {state.Partitions} partitions, where {state.Topic.Partitions} were asked for (--partitions)"
            + (created ? "; it was left so, since with another number users would move to other partitions" : ""),
    };

    private static int InRange(Run run, Option<int> option, int most) => run.Get(option) is var value && value >= 1 && value <= most
        ? value
        : throw new UsageException($"{option.Name} is a whole number from 1 to {most}, not {value}.");
}
