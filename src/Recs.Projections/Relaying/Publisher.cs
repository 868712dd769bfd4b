using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Recs.Kafka.Connecting;

namespace Recs.Projections.Relaying;

/// <summary>The broker did not take something.</summary>
/// <param name="Reason">In the client's or the broker's words.</param>
/// <param name="Refused">It never will, as the message or the broker is set up; false if it may do later.</param>
/// <param name="TopicMissing">A topic is not there.</param>
internal sealed record PublishFailure(string Reason, bool Refused, bool TopicMissing);

/// <summary>
/// An idempotent producer that waits for its broker for as long as it takes, keeps the order of each partition whatever has to be sent again, and ends with the
/// first message that is refused: a later one of the same partition never arrives without it (gapless).
/// </summary>
internal sealed class Publisher : IDisposable
{
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(5);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Action _wake;
    private readonly List<OutgoingMessage> _messages = [];
    private PublishFailure? _failure;
    private volatile string? _trouble;

    /// <summary>Connects in the background.</summary>
    /// <param name="kafka">Which cluster.</param>
    /// <param name="oneByOne">Each message is a request of its own, so that a refusal is that message's alone.</param>
    /// <param name="wake">Called from the client's threads whenever a page arrived or something failed.</param>
    /// <exception cref="KafkaUnavailableException">There is no librdkafka, or it does not take the settings.</exception>
    public Publisher(KafkaSettings kafka, bool oneByOne, Action wake)
    {
        _wake = wake;
        var config = kafka.Producer();
        config.EnableGaplessGuarantee = true;
        config.MessageTimeoutMs = 0; // never gives up: the log waits
        config.Partitioner = Partitioner.Murmur2Random; // where Java's clients put the same key
        config.DeliveryReportFields = "none"; // whose message it was is known here
        config.QueueBufferingMaxMessages = 1_000_000;
        config.QueueBufferingMaxKbytes = 262_144;
        config.CompressionType ??= CompressionType.Lz4;
        if (oneByOne) (config.LingerMs, config.BatchNumMessages) = (0, 1);
        try
        {
            _producer = new ProducerBuilder<byte[], byte[]>(config)
                .SetErrorHandler((_, error) => OnError(error))
                .SetLogHandler((_, line) => _trouble = line.Message) // what matters of it is shown by health
                .Build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new KafkaUnavailableException($"The Kafka client does not take its settings: {e.Message}", e);
        }
    }

    /// <summary>The first failure; nothing may be sent after it.</summary>
    public PublishFailure? Failure => Volatile.Read(ref _failure);

    /// <summary>The client's last word on its connections; null if it never complained.</summary>
    public string? Trouble => _trouble;

    /// <summary>Sends what the events of a page say. Returns when all of it is with the client.</summary>
    /// <exception cref="InvalidDataException">The body of an event is not what its alias promises.</exception>
    public async Task SendAsync(PageInFlight page, EventMessages table, CancellationToken cancel)
    {
        Action<DeliveryReport<byte[], byte[]>> report = delivery => OnDelivery(page, delivery.Topic, delivery.Error);
        foreach (var e in page.Events)
        {
            _messages.Clear();
            table.Add(e, _messages);
            if (_messages.Count == 0)
                continue;
            var (id, sequence) = (Encoding.ASCII.GetBytes(e.Id.ToString()), Encoding.ASCII.GetBytes(e.Sequence.ToString(CultureInfo.InvariantCulture)));
            foreach (var message in _messages)
            {
                page.Sent();
                RelayInstruments.Messages.Add(1, new KeyValuePair<string, object?>("topic", message.Topic));
                while (!TryProduce(message.Topic, Message(message, id, sequence), report))
                    await Task.Delay(FullPause, cancel);
            }
        }
        if (page.Arrived()) _wake();
    }

    /// <summary>Ends it; what was not acknowledged is dropped here and sent again by whoever comes next.</summary>
    public void Dispose() => _producer.Dispose();

    private bool TryProduce(string topic, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>> report)
    {
        try
        {
            _producer.Produce(topic, message, report);
            return true;
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull && Failure is null)
        {
            return false;
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            Fail(e.Error, topic); // the page will not arrive, and the caller finds out why
            return true;
        }
    }

    private static Message<byte[], byte[]> Message(in OutgoingMessage message, byte[] id, byte[] sequence)
    {
        var headers = new Headers { { RelayHeaders.EventId, id }, { RelayHeaders.Sequence, sequence } };
        if (message.Part is { } part) headers.Add(RelayHeaders.Part, Encoding.ASCII.GetBytes(part.ToString(CultureInfo.InvariantCulture)));
        if (message.Channel is { } channel) headers.Add(RelayHeaders.Channel, Encoding.UTF8.GetBytes(channel));
        return new() { Key = message.Key, Value = message.Value, Headers = headers }; // its time is that of sending, on which retention goes
    }

    private void OnDelivery(PageInFlight page, string topic, Error error)
    {
        if (error.IsError) Fail(error, topic);
        else if (page.Arrived()) _wake();
    }

    private void OnError(Error error)
    {
        _trouble = error.Reason;
        if (error.IsFatal) Fail(error);
    }

    private void Fail(Error error, string? topic = null)
    {
        var reason = topic is null ? $"{error.Reason}." : $"{error.Reason} (topic '{topic}').";
        Interlocked.CompareExchange(ref _failure, new(reason, IsRefusal(error.Code), error.Code is ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicOrPart), null);
        _wake();
    }

    private static bool IsRefusal(ErrorCode code) => code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize or ErrorCode.InvalidMsg or ErrorCode.RecordListTooLarge
        or ErrorCode.PolicyViolation or ErrorCode.InvalidRecord or ErrorCode.InvalidTimestamp or ErrorCode.Local_GaplessGuarantee;
}
