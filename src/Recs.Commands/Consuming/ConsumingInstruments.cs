using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace Recs.Commands.Consuming;

/// <summary>What consuming measures (meter <c>Recs.Kafka</c>).</summary>
internal sealed class ConsumingInstruments : IDisposable
{
    private readonly Meter _meter = new("Recs.Kafka");
    private readonly Counter<long> _messages, _fenced, _resets;

    /// <summary>Begins to measure.</summary>
    public ConsumingInstruments()
    {
        _messages = _meter.CreateCounter<long>("recs_kafka_messages_total", "{message}", "Messages that were taken from topics, by what became of them: stored, duplicate, refused.");
        _fenced = _meter.CreateCounter<long>("recs_kafka_fenced_total", "{batch}", "Batches that were not stored because another consumer had their partition.");
        _resets = _meter.CreateCounter<long>("recs_kafka_resets_total", "{reset}", "Times that a partition did not hold the position that was stored: it was made anew, or what was next was gone.");
    }

    /// <summary>Shows how far each partition is behind.</summary>
    /// <param name="lag">Messages that wait, by partition.</param>
    public void ShowLag(Func<IReadOnlyDictionary<TopicPartition, long>> lag) => _meter.CreateObservableGauge(
        "recs_kafka_lag",
        () => lag().Select(of => new Measurement<long>(
            of.Value, new KeyValuePair<string, object?>("topic", of.Key.Topic), new KeyValuePair<string, object?>("partition", of.Key.Partition.Value))),
        "{message}", "Messages between what was stored and the end of a partition, whichever process has it: take the maximum over processes.");

    /// <summary>A batch was stored.</summary>
    public void Count(string topic, StoredMessages outcome)
    {
        Add(topic, "stored", outcome.Stored);
        Add(topic, "duplicate", outcome.Duplicates);
        Add(topic, "refused", outcome.Refused);
    }

    /// <summary>A batch was fenced.</summary>
    public void Fenced(string topic) => _fenced.Add(1, new KeyValuePair<string, object?>("topic", topic));

    /// <summary>A partition did not hold its position.</summary>
    public void Reset(string topic) => _resets.Add(1, new KeyValuePair<string, object?>("topic", topic));

    /// <summary>Measures no more.</summary>
    public void Dispose() => _meter.Dispose();

    private void Add(string topic, string outcome, int messages)
    {
        if (messages > 0)
            _messages.Add(messages, new KeyValuePair<string, object?>("topic", topic), new KeyValuePair<string, object?>("outcome", outcome));
    }
}
