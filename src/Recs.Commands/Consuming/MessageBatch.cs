using Confluent.Kafka;
using Recs.Kafka.Messages;

namespace Recs.Commands.Consuming;

/// <summary>Messages of one partition, in order, as what they say; pure, and the same however often it has to be tried to store it.</summary>
internal sealed class MessageBatch
{
    private readonly List<(ConsumeResult<byte[], byte[]> Message, StatedFact Fact)> _facts = [];
    private readonly Dictionary<long, RefusedMessage> _refused = [];
    private readonly HashSet<long> _sent = [];

    private MessageBatch(IReadOnlyList<ConsumeResult<byte[], byte[]>> messages) => Messages = messages;

    /// <summary>Reads the messages.</summary>
    /// <param name="messages">One or more, of one partition.</param>
    /// <param name="reader">Reads the topic's values.</param>
    /// <param name="framed">Decodes what is framed as Avro.</param>
    /// <param name="now">No message tells of what is more than a day after it.</param>
    /// <param name="cancel">Stops waiting for a schema.</param>
    /// <exception cref="SchemaRegistryUnavailableException">Nobody can tell now whether a framed value is good.</exception>
    public static async ValueTask<MessageBatch> ReadAsync(
        IReadOnlyList<ConsumeResult<byte[], byte[]>> messages, IValueReader reader, IFrameDecoder framed, DateTimeOffset now, CancellationToken cancel)
    {
        var batch = new MessageBatch(messages);
        var correlation = "kafka:" + messages[0].Topic;
        foreach (var message in messages)
        {
            var value = message.Message.Value;
            var origin = new MessageOrigin(correlation, $"{message.Topic}[{message.Partition.Value}]@{message.Offset.Value}");
            if (value is null)
                batch.Refuse(message, new(MessageReasons.Unreadable, "the message has no value"));
            else if (reader is IInteractionReader judge && IFrameDecoder.IsFramed(value))
                batch.Add(message, judge, await framed.DecodeAsync(value, cancel), now, origin);
            else if (reader.TryRead(value, now, origin, out var fact, out var refusal))
                batch._facts.Add((message, fact));
            else
                batch.Refuse(message, refusal);
        }
        return batch;
    }

    private void Add(ConsumeResult<byte[], byte[]> message, IInteractionReader judge, DecodedInteraction decoded, DateTimeOffset now, MessageOrigin origin)
    {
        if (decoded.Interaction is not { } interaction)
            Refuse(message, new(decoded.Reason!, decoded.Detail!));
        else if (judge.TryJudge(interaction, now, origin, out var fact, out var refusal))
            _facts.Add((message, fact));
        else
            Refuse(message, refusal);
    }

    /// <summary>The messages.</summary>
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> Messages { get; }

    /// <summary>What is not stored.</summary>
    public IReadOnlyCollection<RefusedMessage> Refused => _refused.Values;

    /// <summary>Of what is not stored, what the dead letters do not have yet.</summary>
    public IReadOnlyCollection<RefusedMessage> Unsent => [.. _refused.Values.Where(r => !_sent.Contains(r.Message.Offset.Value))];

    /// <summary>The dead letters have these now.</summary>
    public void Sent(IEnumerable<RefusedMessage> refused) => _sent.UnionWith(refused.Select(r => r.Message.Offset.Value));

    /// <summary>What is stored, as far as the log does not have it yet.</summary>
    public IEnumerable<StatedFact> Facts => _facts.Select(f => f.Fact);

    /// <summary>Ids of <see cref="Facts"/>.</summary>
    public Guid[] Ids => [.. _facts.Select(f => f.Fact.Event.Id)];

    /// <summary>First offset after the batch.</summary>
    public long Next => Messages[^1].Offset.Value + 1;

    /// <summary>Refuses every fact of which the stream, or the movie's stream, is among these.</summary>
    /// <returns>How many were refused.</returns>
    public int RefuseErased(IReadOnlySet<string> streams) => RefuseWhere(
        f => streams.Count > 0 && (streams.Contains(f.StreamId) || f.MovieIds.Any(movie => streams.Contains(Contracts.StreamIds.Movie(movie)))),
        new(MessageReasons.Erased, "its user or movie was erased: nothing is stored about it any more"));

    /// <summary>Refuses all facts.</summary>
    public void RefuseAll(Refusal refusal) => RefuseWhere(_ => true, refusal);

    private int RefuseWhere(Predicate<StatedFact> refused, Refusal refusal)
    {
        foreach (var (message, _) in _facts.Where(f => refused(f.Fact)))
            Refuse(message, refusal);
        return _facts.RemoveAll(f => refused(f.Fact));
    }

    private void Refuse(ConsumeResult<byte[], byte[]> message, Refusal refusal) => _refused[message.Offset.Value] = new(message, refusal);
}
