using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Npgsql;
using Recs.Kafka.Messages;

namespace Recs.Commands.Consuming;

/// <summary>
/// A partition between its topic and the log: its messages wait here in order and are stored batch after batch, so that what a user did keeps its order. Several lanes
/// work side by side. Nothing is passed over: what cannot be stored now is tried again until it can, or until the partition goes to another consumer.
/// </summary>
internal sealed class PartitionLane : IAsyncDisposable
{
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly LaneParts _parts;
    private readonly IValueReader _reader;
    private readonly Task _working;
    private int _count, _generation, _wanted;
    private long _bytes, _next;
    private long? _stored;
    private SeekTarget? _seek;
    private volatile string? _trouble;

    /// <summary>Begins to store what is offered.</summary>
    /// <param name="partition">Partition.</param>
    /// <param name="stored">Its position in the database; null for none.</param>
    /// <param name="parts">What lanes have in common.</param>
    /// <param name="reader">Reads the topic's values.</param>
    public PartitionLane(TopicPartition partition, long? stored, LaneParts parts, IValueReader reader)
    {
        (Partition, _stored, _parts, _reader) = (partition, stored, parts, reader);
        (_next, Position) = (stored ?? Offset.Unset.Value, stored);
        _working = Task.Run(RunAsync);
    }

    /// <summary>A message that waits.</summary>
    private readonly record struct Waiting(ConsumeResult<byte[], byte[]> Message, int Generation);

    private sealed record SeekTarget(Offset Offset);

    /// <summary>Which partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>First offset that is not in the log yet; null if nothing of the partition is.</summary>
    public long? Next => Interlocked.Read(ref _next) is >= 0 and var next ? next : null;

    /// <summary>What stands in its way, in words; null for nothing.</summary>
    public string? Trouble => _trouble;

    /// <summary>Messages between what was stored and the end of the partition; null if the end is not known. Kept by the consumer.</summary>
    public long? Lag { get; set; }

    /// <summary>Whether the consumer does not read the partition for now. Kept by the consumer.</summary>
    public bool Paused { get; set; }

    /// <summary>Offset that the topic is expected to give next; null if any. Kept by the consumer.</summary>
    public long? Position { get; set; }

    /// <summary>The last <see cref="Next"/> that the client was told. Kept by the consumer.</summary>
    public long? Told { get; set; }

    /// <summary>Too much waits.</summary>
    public bool Full => Volatile.Read(ref _count) >= _parts.Options.BufferedMessages || Interlocked.Read(ref _bytes) >= _parts.Options.BufferedBytes;

    /// <summary>There is room again.</summary>
    public bool HasRoom => Volatile.Read(ref _count) <= _parts.Options.BufferedMessages / 2 && Interlocked.Read(ref _bytes) <= _parts.Options.BufferedBytes / 2;

    /// <summary>Takes the next message of the partition.</summary>
    public void Offer(ConsumeResult<byte[], byte[]> message)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, SizeOf(message));
        _waiting.Writer.TryWrite(new(message, _generation));
    }

    /// <summary>Where the partition must be read from anew, once; null if it need not be. What is offered from now on counts as read from there.</summary>
    public Offset? TakeSeek()
    {
        if (Interlocked.Exchange(ref _seek, null) is not { } target)
            return null;
        _generation++;
        Position = target.Offset.Value >= 0 ? target.Offset.Value : null;
        return target.Offset;
    }

    /// <summary>Stores nothing more; done when what was under way has its outcome.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_waiting.Writer.TryComplete())
            await _stop.CancelAsync();
        await _working;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_stop.Token))
            {
                if (Take() is { Count: > 0 } messages)
                    await StoreAsync(messages);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return; // what waits is read again by whoever has the partition next
        }
    }

    private List<ConsumeResult<byte[], byte[]>> Take()
    {
        var messages = new List<ConsumeResult<byte[], byte[]>>(Math.Min(_parts.Options.BatchMessages, Volatile.Read(ref _count)));
        while (messages.Count < _parts.Options.BatchMessages && _waiting.Reader.TryRead(out var waiting))
        {
            Interlocked.Decrement(ref _count);
            Interlocked.Add(ref _bytes, -SizeOf(waiting.Message));
            if (waiting.Generation >= _wanted)
                messages.Add(waiting.Message);
        }
        if (HasRoom)
            _parts.Attend();
        return messages;
    }

    private async Task StoreAsync(List<ConsumeResult<byte[], byte[]>> messages)
    {
        MessageBatch? batch = null;
        for (var wait = _parts.Options.FirstRetry; ; wait = Shorter(wait * 2, _parts.Options.LastRetry))
        {
            try
            {
                batch ??= await MessageBatch.ReadAsync(messages, _reader, _parts.Framed, _parts.Clock.GetUtcNow(), _stop.Token);
                var outcome = await _parts.Store.RunAsync(Partition, batch, _stored, _stop.Token);
                Passed(batch, outcome);
                return;
            }
            catch (PostgresException e) when (KafkaOffsets.IsFenced(e))
            {
                if (await TryFindPositionAsync(batch!))
                    return;
            }
            catch (PostgresException e) when (e.SqlState[..2] is "22" or "23")
            {
                if (messages.Count > 1)
                {
                    await StoreHalvesAsync(messages);
                    return;
                }
                batch!.RefuseAll(new(MessageReasons.NotStorable, e.MessageText));
                continue;
            }
            catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
            {
                Fails(e);
            }
            await Task.Delay(wait, _stop.Token); // real time, whatever clock the log lives by
        }
    }

    /// <summary>The database refuses one of them: it is found by halving.</summary>
    private async Task StoreHalvesAsync(List<ConsumeResult<byte[], byte[]>> messages)
    {
        var wanted = _wanted;
        await StoreAsync([.. messages.Take(messages.Count / 2)]);
        if (_wanted == wanted)
            await StoreAsync([.. messages.Skip(messages.Count / 2)]);
    }

    private void Passed(MessageBatch batch, StoredMessages outcome)
    {
        _stored = batch.Next;
        Interlocked.Exchange(ref _next, batch.Next);
        _parts.Instruments.Count(Partition.Topic, outcome);
        if (_trouble is not null)
            _parts.Log.LogInformation("{Partition} is being stored again.", Partition.ToString());
        _trouble = null;
        _parts.Attend();
    }

    /// <summary>The database is not where the batch began: it was stored after all and the answer was lost, or another consumer has the partition.</summary>
    /// <returns>False if the database could not be asked.</returns>
    private async Task<bool> TryFindPositionAsync(MessageBatch batch)
    {
        try
        {
            var found = await _parts.Offsets.FindAsync([Partition], _stop.Token);
            long? at = found.TryGetValue(Partition, out var position) ? position : null;
            if (at == batch.Next)
            {
                Passed(batch, default);
                return true;
            }
            _parts.Log.LogWarning("{Partition} was moved to {Position} by another consumer of the group; it is read from there.", Partition.ToString(), at);
            _parts.Instruments.Fenced(Partition.Topic);
            (_stored, _wanted) = (at, Volatile.Read(ref _generation) + 1);
            Interlocked.Exchange(ref _next, at ?? Offset.Unset.Value);
            Interlocked.Exchange(ref _seek, new(at is { } offset ? new Offset(offset) : Offset.Beginning));
            _parts.Attend();
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            Fails(e);
            return false;
        }
    }

    private void Fails(Exception e)
    {
        if (_trouble is null)
            _parts.Log.LogWarning("{Partition} cannot be stored for now, it is tried again: {Reason}", Partition.ToString(), e.Message);
        _trouble = $"{Partition.Topic}[{Partition.Partition.Value}] cannot be stored for now: {e.Message}";
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static long SizeOf(ConsumeResult<byte[], byte[]> message) => 200 + (message.Message.Key?.Length ?? 0) + (message.Message.Value?.Length ?? 0);
}

/// <summary>What the lanes of a consumer have in common.</summary>
/// <param name="Store">Stores a batch.</param>
/// <param name="Offsets">Positions in the database.</param>
/// <param name="Framed">Decodes values that are framed as Avro.</param>
/// <param name="Options">Bounds.</param>
/// <param name="Clock">Clock.</param>
/// <param name="Instruments">Counts.</param>
/// <param name="Log">Log.</param>
/// <param name="Attend">Tells the consumer that a lane wants something of it.</param>
internal sealed record LaneParts(
    StoreMessages Store, KafkaOffsets Offsets, IFrameDecoder Framed, ConsumingOptions Options, TimeProvider Clock, ConsumingInstruments Instruments, ILogger Log, Action Attend);
