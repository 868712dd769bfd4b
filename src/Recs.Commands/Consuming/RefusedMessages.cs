using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Npgsql;
using Recs.Commands.Importing;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Consuming;

/// <summary>A message that is not stored, and why.</summary>
internal sealed record RefusedMessage(ConsumeResult<byte[], byte[]> Message, Refusal Refusal);

/// <summary>
/// Where messages go that are not stored: to the topic <c>{p}.dead_letter</c> as they were, before the position passes them, and to <c>recs_rejects</c> in the commit in
/// which it does. A crash in between sends one again, so the topic may hold a message twice; its headers say which message it was.
/// </summary>
internal sealed class RefusedMessages(ConsumingOptions options, EventStoreOptions store, ILogger<RefusedMessages> log) : IDisposable
{
    private readonly Lazy<IProducer<byte[], byte[]>> _producer = new(() => new ProducerBuilder<byte[], byte[]>(options.Cluster.Producer())
        .SetLogHandler((_, line) => log.LogDebug("librdkafka: {Message}", line.Message)).SetErrorHandler((_, error) => log.LogDebug("librdkafka: {Code} {Reason}", error.Code, error.Reason)).Build());

    /// <summary>Key in <c>recs_rejects</c> of what came from topics.</summary>
    public string RejectsKey => "kafka:" + options.Group;

    /// <summary>Sends them to the dead letters; done when the broker has acknowledged all.</summary>
    /// <exception cref="KafkaException">It did not take one of them.</exception>
    public Task SendAsync(IReadOnlyCollection<RefusedMessage> refused, CancellationToken cancel)
        => Task.WhenAll(refused.Select(r => _producer.Value.ProduceAsync(options.Topics.DeadLetter, DeadLetter(r), cancel)));

    /// <summary>
    /// The statement that keeps them as rejected rows: the partition stands for the file and the offset for the line. Another message at an offset that is kept already
    /// means that the topic was made anew: what was tried with the old message is not true of the new one. The same message again changes nothing.
    /// </summary>
    public SideRow Keep(IReadOnlyCollection<RefusedMessage> refused) => new(
        $"""
         insert into {store.Schema}.recs_rejects as kept (import_key, file, line, reason, detail, raw, at)
         select $1, r.file, r.line, r.reason, r.detail, r.raw, $2 from unnest($3, $4, $5, $6, $7) as r (file, line, reason, detail, raw)
         on conflict (import_key, file, line) do update set
           reason = excluded.reason, detail = excluded.detail, raw = excluded.raw, at = excluded.at,
           tries = 0, tried_at = null, newest_reason = null, newest_detail = null, corrected = null, stored_at = null, stored_sequence = null
         where kept.raw <> excluded.raw
         """,
        [
            new NpgsqlParameter<string> { TypedValue = RejectsKey },
            new NpgsqlParameter<DateTimeOffset> { TypedValue = store.Clock.GetUtcNow() },
            new NpgsqlParameter<string[]> { TypedValue = [.. refused.Select(r => $"{r.Message.Topic}[{r.Message.Partition.Value}]")] },
            new NpgsqlParameter<long[]> { TypedValue = [.. refused.Select(r => r.Message.Offset.Value)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. refused.Select(r => r.Refusal.Reason)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. refused.Select(r => r.Refusal.Detail)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. refused.Select(r => Printable.Of(r.Message.Message.Value, Reject.MaxRawLength))] },
        ]);

    /// <summary>Gives up what was not acknowledged.</summary>
    public void Dispose()
    {
        if (_producer.IsValueCreated)
            _producer.Value.Dispose();
    }

    private static Message<byte[], byte[]> DeadLetter(RefusedMessage refused)
    {
        var (message, refusal) = refused;
        var headers = new Headers();
        foreach (var header in message.Message.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        headers.Add("recs-topic", Encoding.UTF8.GetBytes(message.Topic));
        headers.Add("recs-partition", Encoding.UTF8.GetBytes($"{message.Partition.Value}"));
        headers.Add("recs-offset", Encoding.UTF8.GetBytes($"{message.Offset.Value}"));
        headers.Add("recs-reason", Encoding.UTF8.GetBytes(refusal.Reason));
        headers.Add("recs-detail", Encoding.UTF8.GetBytes(refusal.Detail));
        return new() { Key = message.Message.Key, Value = message.Message.Value, Headers = headers, Timestamp = message.Message.Timestamp };
    }
}
