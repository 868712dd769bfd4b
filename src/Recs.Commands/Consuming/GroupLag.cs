using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Recs.Commands.Consuming;

/// <summary>
/// How far the group is behind on the partitions that this process does not have, from the positions in the database and the ends that the brokers tell. Otherwise
/// nobody would tell while the group waits for a member that died.
/// </summary>
internal sealed class GroupLag(ConsumingOptions options, KafkaOffsets offsets, ILogger log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5), AnswerTime = TimeSpan.FromSeconds(2);

    /// <summary>Of many partitions a look takes long; at most this share of the time is spent looking.</summary>
    private const double MostOfTheTime = 0.1;

    private volatile IReadOnlyDictionary<TopicPartition, long> _elsewhere = new Dictionary<TopicPartition, long>();
    private Task _looking = Task.CompletedTask;
    private long _looked;
    private TimeSpan _took;

    /// <summary>Messages between what was stored and the end, by partition; those that this process had at the last look are not among them.</summary>
    public IReadOnlyDictionary<TopicPartition, long> Elsewhere => _elsewhere;

    /// <summary>Looks in the background, if it is time to.</summary>
    /// <param name="client">Asks the brokers. It must not end before <see cref="StopLooking"/>.</param>
    /// <param name="here">Partitions that this process has.</param>
    /// <param name="stop">Ends the look.</param>
    public void Look(IConsumer<byte[], byte[]> client, IReadOnlySet<TopicPartition> here, CancellationToken stop)
    {
        if (!_looking.IsCompleted || (_looked != 0 && Stopwatch.GetElapsedTime(_looked) < Longer(LookEvery, _took / MostOfTheTime)))
            return;
        _looked = Stopwatch.GetTimestamp();
        _looking = Task.Run(() => LookAsync(client, here, stop), CancellationToken.None);
    }

    /// <summary>Waits for the last look: the client is about to go.</summary>
    public void StopLooking() => _looking.Wait();

    private async Task LookAsync(IConsumer<byte[], byte[]> client, IReadOnlySet<TopicPartition> here, CancellationToken stop)
    {
        try
        {
            var partitions = Partitions(client).Where(partition => !here.Contains(partition)).ToList();
            var stored = await offsets.FindAsync(partitions, stop);
            var lag = new Dictionary<TopicPartition, long>();
            foreach (var partition in partitions)
            {
                stop.ThrowIfCancellationRequested();
                var marks = client.QueryWatermarkOffsets(partition, AnswerTime);
                lag[partition] = Math.Max(0, marks.High.Value - (stored.TryGetValue(partition, out var next) ? next : marks.Low.Value));
            }
            _elsewhere = lag;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return; // the process ends
        }
        catch (Exception e) when (e is KafkaException or NpgsqlException or TimeoutException)
        {
            log.LogDebug("How far the group is behind is not known: {Reason}", e.Message); // that one of them is away is told by those who need it
        }
        finally
        {
            _took = Stopwatch.GetElapsedTime(_looked);
        }
    }

    private IEnumerable<TopicPartition> Partitions(IClient client)
    {
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        return [.. options.Consumed.SelectMany(topic => admin.GetMetadata(topic, AnswerTime).Topics)
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))];
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
