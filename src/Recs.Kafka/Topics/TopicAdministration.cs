using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Recs.Kafka.Connecting;

namespace Recs.Kafka.Topics;

/// <summary>What became of a topic that shall be there.</summary>
public enum TopicOutcome
{
    /// <summary>It was made.</summary>
    Created,
    /// <summary>It was there, with as many partitions as planned.</summary>
    Exists,
    /// <summary>It was there with another number of partitions; nothing was changed, since keys would move.</summary>
    Differs,
    /// <summary>It is not there.</summary>
    Missing,
}

/// <summary>A planned topic and how it is found.</summary>
/// <param name="Topic">The plan.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Partitions">Partitions that it has; 0 if it is not there.</param>
public sealed record TopicState(PlannedTopic Topic, TopicOutcome Outcome, int Partitions);

/// <summary>Looks at the topics of a plan, and makes those that are missing.</summary>
/// <param name="kafka">Which cluster.</param>
/// <param name="timeout">How long the cluster may take in all.</param>
public sealed class TopicAdministration(KafkaSettings kafka, TimeSpan timeout)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Finds the topics of a plan. Nothing is made.</summary>
    /// <exception cref="KafkaUnavailableException">The cluster does not answer in time.</exception>
    public async Task<IReadOnlyList<TopicState>> ListAsync(TopicPlan plan, CancellationToken cancel)
    {
        var until = Deadline();
        using var client = Open();
        return await FindAsync(client, plan, until, cancel);
    }

    /// <summary>Makes the topics that are missing. Those that are there stay as they are.</summary>
    /// <exception cref="KafkaUnavailableException">The cluster does not answer in time, or does not make a topic; the message has its words.</exception>
    public async Task<IReadOnlyList<TopicState>> CreateAsync(TopicPlan plan, CancellationToken cancel)
    {
        var until = Deadline();
        using var client = Open();
        var found = await FindAsync(client, plan, until, cancel);
        var states = new List<TopicState>();
        foreach (var state in found)
        {
            states.Add(state.Outcome != TopicOutcome.Missing ? state : state with
            {
                Outcome = await CreateAsync(client, state.Topic, until, cancel) ? TopicOutcome.Created : TopicOutcome.Exists,
                Partitions = state.Topic.Partitions,
            });
        }
        return states;
    }

    private IAdminClient Open()
    {
        var config = kafka.Client();
        config.Set("reconnect.backoff.max.ms", "1000"); // within the time-out it shall be asked more than once or twice
        return new AdminClientBuilder(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build(); // each call says itself what went wrong
    }

    private async Task<IReadOnlyList<TopicState>> FindAsync(IAdminClient client, TopicPlan plan, long until, CancellationToken cancel)
    {
        var there = await TryUntilAsync(until, () => Task.Run(() => client.GetMetadata(Rest(until)), cancel), cancel);
        var partitions = there.Topics.Where(topic => !topic.Error.IsError).ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count, StringComparer.Ordinal);
        return [.. plan.All.Select(topic => partitions.GetValueOrDefault(topic.Name) is var count && count == 0
            ? new TopicState(topic, TopicOutcome.Missing, 0)
            : new TopicState(topic, count == topic.Partitions ? TopicOutcome.Exists : TopicOutcome.Differs, count))];
    }

    /// <summary>False if somebody else was first.</summary>
    private Task<bool> CreateAsync(IAdminClient client, PlannedTopic topic, long until, CancellationToken cancel) => TryUntilAsync(until, async () =>
    {
        var specification = new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = topic.Replication,
            Configs = new(topic.Settings),
        };
        try
        {
            await client.CreateTopicsAsync([specification], new() { RequestTimeout = Rest(until), OperationTimeout = Rest(until) });
            return true;
        }
        catch (CreateTopicsException e) when (e.Results is [{ Error.Code: ErrorCode.TopicAlreadyExists }])
        {
            return false;
        }
        catch (CreateTopicsException e) when (e.Results is [{ } result])
        {
            throw new KafkaException(new Error(result.Error.Code, $"topic '{topic.Name}': {result.Error.Reason}"), e);
        }
    }, cancel);

    /// <summary>Asks again while the cluster is still starting, until the time is over.</summary>
    private async Task<T> TryUntilAsync<T>(long until, Func<Task<T>> ask, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await ask().WaitAsync(Rest(until), cancel); // some brokers never answer an administrator's call
            }
            catch (KafkaException e) when (IsPassing(e.Error.Code) && Rest(until) > Pause)
            {
                await Task.Delay(Pause, cancel);
            }
            catch (KafkaException e)
            {
                throw new KafkaUnavailableException($"Kafka at {kafka.Bootstrap} did not do it: {e.Error.Reason.TrimEnd('.')}. Is a broker running there, and may this client ask it?", e);
            }
            catch (TimeoutException e)
            {
                throw new KafkaUnavailableException($"Kafka at {kafka.Bootstrap} did not answer within {timeout.TotalSeconds:0.#} s. Is a broker running there? --timeout gives it longer.", e);
            }
        }
    }

    private static bool IsPassing(ErrorCode code) => code is ErrorCode.UnknownTopicOrPart or ErrorCode.LeaderNotAvailable or ErrorCode.NotController or ErrorCode.BrokerNotAvailable
        or ErrorCode.NetworkException or ErrorCode.RequestTimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut;

    private long Deadline() => Environment.TickCount64 + (long)timeout.TotalMilliseconds;

    private static TimeSpan Rest(long until) => TimeSpan.FromMilliseconds(Math.Max(1, until - Environment.TickCount64));
}
