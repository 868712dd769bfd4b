using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Recs.EventStore;
using Recs.Kafka.Messages;

namespace Recs.Commands.Consuming;

/// <summary>
/// Reads the topics on a thread of its own, as a member of the group, and hands each message to its partition's lane. Only this thread speaks to the client; a partition
/// whose lane is full is not read until there is room, so a slow database slows the reading and costs no more memory.
/// </summary>
internal sealed class TopicConsumer(
    ConsumingOptions options, ValueReaders readers, IFrameDecoder framed, StoreMessages store, KafkaOffsets offsets, ConsumingInstruments instruments, EventStoreOptions events,
    TimeProvider clock, ILogger<TopicConsumer> log)
    : BackgroundService
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TopicPartition, PartitionLane> _lanes = [];
    private readonly BrokerState _broker = new(log);
    private readonly GroupLag _group = new(options, offsets, log);
    private readonly Lock _gate = new();
    private DateTimeOffset? _unassigned = events.WallClock.GetUtcNow();
    private PartitionLane? _last;
    private long _looked;
    private volatile bool _wanted;

    /// <summary>Partitions that this process has now.</summary>
    public IEnumerable<PartitionLane> Lanes => _lanes.Values;

    /// <summary>Since when this process has no partition; null if it has one.</summary>
    public DateTimeOffset? UnassignedSince
    {
        get
        {
            lock (_gate)
                return _unassigned;
        }
    }

    /// <summary>Messages between what was stored and the end of each partition, whoever has it; without those of which nobody here knows.</summary>
    public IReadOnlyDictionary<TopicPartition, long> Lag
    {
        get
        {
            var lag = new Dictionary<TopicPartition, long>(_group.Elsewhere);
            foreach (var lane in Lanes)
            {
                if (lane.Lag is { } waiting) lag[lane.Partition] = waiting;
            }
            return lag;
        }
    }

    /// <summary>What stands in the way of consuming, in words; nothing if all is well.</summary>
    public IEnumerable<string> Troubles => _broker.Troubles.Concat(Lanes.Select(lane => lane.Trouble).OfType<string>());

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        instruments.ShowLag(() => Lag);
        for (var wait = options.FirstRetry; !stoppingToken.IsCancellationRequested; wait *= wait < options.LastRetry ? 2 : 1)
        {
            try
            {
                await Task.Factory.StartNew(() => Consume(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is KafkaException or InvalidOperationException)
            {
                _broker.Failed($"the Kafka client gave up and is made anew: {e.Message}");
                await Task.Delay(wait, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Consume(CancellationToken stop)
    {
        var parts = new LaneParts(store, offsets, framed, options, clock, instruments, log, () => _wanted = true);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(options.Cluster.Consumer(options.Group))
            .SetPartitionsAssignedHandler((_, partitions) => Open(partitions, parts, stop))
            .SetPartitionsRevokedHandler((client, partitions) => Close(client, partitions.ConvertAll(p => p.TopicPartition)))
            .SetPartitionsLostHandler((client, partitions) => Close(client, partitions.ConvertAll(p => p.TopicPartition)))
            .SetErrorHandler((_, error) => _broker.Heard(error))
            .SetLogHandler((_, line) => log.LogDebug("librdkafka: {Message}", line.Message))
            .Build();
        try
        {
            consumer.Subscribe(options.Consumed);
            while (!stop.IsCancellationRequested)
            {
                Take(consumer);
                if (_wanted || Stopwatch.GetElapsedTime(_looked) > LookEvery)
                    Attend(consumer, stop);
            }
        }
        finally
        {
            _broker.StopAsking();
            _group.StopLooking();
            consumer.Close(); // hands the partitions over
            Close(consumer, [.. _lanes.Keys]);
        }
    }

    private void Take(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            if (consumer.Consume(Turn) is not { } message)
                return;
            if (_last is null || _last.Partition.Partition != message.Partition || _last.Partition.Topic != message.Topic)
                _last = _lanes.GetValueOrDefault(message.TopicPartition);
            if (_last is not { } lane)
                return; // it went to another consumer a moment ago
            Check(consumer, lane, message.Offset.Value);
            lane.Offer(message);
            if (!lane.Full || lane.Paused)
                return;
            consumer.Pause([lane.Partition]);
            lane.Paused = true;
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            _broker.Heard(e.Error);
        }
    }

    /// <summary>A topic that was deleted and made anew, or that has let go of what was not read yet, must not pass unseen.</summary>
    private void Check(IConsumer<byte[], byte[]> consumer, PartitionLane lane, long offset)
    {
        if (lane.Position is { } expected && offset != expected)
        {
            if (offset < expected)
            {
                log.LogWarning(
                    "{Partition} ends before offset {Expected}: the topic was made anew. It is read from its start; what the log holds already is not stored again.",
                    lane.Partition.ToString(), expected);
                instruments.Reset(lane.Partition.Topic);
            }
            else if (consumer.GetWatermarkOffsets(lane.Partition) is var marks && marks.Low.Value > expected)
            {
                log.LogError(
                    "{Partition} begins at offset {First}: {Lost} messages from {Expected} on were removed before they were read. Give the topic a longer retention.",
                    lane.Partition.ToString(), marks.Low.Value, marks.Low.Value - expected, expected);
                instruments.Reset(lane.Partition.Topic);
            }
        }
        lane.Position = offset + 1;
    }

    /// <summary>Does what the lanes want of the client, and looks how far they are.</summary>
    private void Attend(IConsumer<byte[], byte[]> consumer, CancellationToken stop)
    {
        _wanted = false;
        var look = Stopwatch.GetElapsedTime(_looked) > LookEvery;
        foreach (var lane in _lanes.Values)
        {
            if (lane.TakeSeek() is { } offset)
                consumer.Seek(new(lane.Partition, offset));
            if (lane.Paused && lane.HasRoom)
            {
                lane.Paused = false;
                consumer.Resume([lane.Partition]);
            }
            Tell(consumer, lane);
            if (look && consumer.GetWatermarkOffsets(lane.Partition) is { High.Value: >= 0 } marks)
                lane.Lag = Math.Max(0, marks.High.Value - (lane.Next ?? Math.Max(0, marks.Low.Value)));
        }
        if (!look)
            return;
        _looked = Stopwatch.GetTimestamp();
        _broker.AskWhetherBack(consumer);
        _group.Look(consumer, _lanes.Keys.ToHashSet(), stop);
    }

    /// <summary>Notes whether this process has any partition.</summary>
    private void NoteAssignment()
    {
        lock (_gate)
            _unassigned = _lanes.IsEmpty ? _unassigned ?? events.WallClock.GetUtcNow() : null;
    }

    /// <summary>Tells the client how far a partition is stored; it commits that to Kafka from time to time, for tools that show lag.</summary>
    private static void Tell(IConsumer<byte[], byte[]> consumer, PartitionLane lane)
    {
        if (lane.Next is { } next && next != lane.Told)
            consumer.StoreOffset(new TopicPartitionOffset(lane.Partition, next));
        lane.Told = lane.Next;
    }

    /// <summary>The group gave us partitions: they are read from where the database is.</summary>
    private List<TopicPartitionOffset> Open(List<TopicPartition> partitions, LaneParts parts, CancellationToken stop)
    {
        var stored = FindStored(partitions, stop);
        var from = new List<TopicPartitionOffset>(partitions.Count);
        _last = null;
        foreach (var partition in partitions)
        {
            long? next = stored.TryGetValue(partition, out var found) ? found : null;
            _lanes[partition] = new(partition, next, parts, readers.Of(partition.Topic));
            _broker.Has(partition.Topic);
            from.Add(new(partition, next is { } offset ? new Offset(offset) : Offset.Beginning));
        }
        NoteAssignment();
        return from;
    }

    /// <summary>Waits for the database if it must: without it nothing could be stored anyhow.</summary>
    private IReadOnlyDictionary<TopicPartition, long> FindStored(List<TopicPartition> partitions, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                var found = offsets.FindAsync(partitions, stop).GetAwaiter().GetResult();
                _broker.DatabaseIsBack();
                return found;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                _broker.DatabaseIsAway(e);
                stop.WaitHandle.WaitOne(options.LastRetry);
            }
        }
    }

    /// <summary>The group took partitions from us: what is under way is finished, or fenced if it takes too long; what waits is read again by the next.</summary>
    private void Close(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        _last = null;
        List<PartitionLane> lanes = [];
        foreach (var partition in partitions)
        {
            if (_lanes.TryRemove(partition, out var lane))
                lanes.Add(lane);
        }
        NoteAssignment();
        Task.WaitAll([.. lanes.Select(lane => lane.DisposeAsync().AsTask())], options.HandOver);
        foreach (var lane in lanes)
        {
            try
            {
                Tell(consumer, lane);
            }
            catch (KafkaException e)
            {
                log.LogDebug("Kafka was not told how far {Partition} is: {Reason}", lane.Partition.ToString(), e.Message);
            }
        }
    }
}
