using Recs.EventStore;
using Recs.Kafka.Messages;

namespace Recs.Commands.Consuming;

/// <summary>What a message says.</summary>
/// <param name="StreamId">Stream of the event.</param>
/// <param name="MovieIds">Movies that it names; those that nobody has added are added to the catalogue.</param>
/// <param name="Event">The event. Its id follows from what it says, so that the same message again is the same event.</param>
internal readonly record struct StatedFact(string StreamId, IReadOnlyList<string> MovieIds, NewEvent Event);

/// <summary>Why a message is not stored.</summary>
/// <param name="Reason">One of <see cref="MessageReasons"/> or of <see cref="Importing.RejectReasons"/>.</param>
/// <param name="Detail">What was found and what was expected, for a person.</param>
internal readonly record struct Refusal(string Reason, string Detail);

/// <summary>Reads the values of one topic. Pure: the same bytes always say the same.</summary>
internal interface IValueReader
{
    /// <summary>Reads a value.</summary>
    /// <param name="value">As it came.</param>
    /// <param name="now">No message tells of what is more than a day after it.</param>
    /// <param name="origin">What the event says of where it comes from.</param>
    /// <param name="fact">What it says.</param>
    /// <param name="refusal">Why it says nothing that can be stored.</param>
    bool TryRead(ReadOnlySpan<byte> value, DateTimeOffset now, MessageOrigin origin, out StatedFact fact, out Refusal refusal);
}

/// <summary>Reads values of a topic that also come framed, as Avro: what is framed is decoded apart, and judged here.</summary>
internal interface IInteractionReader : IValueReader
{
    /// <summary>Judges what a framed value told.</summary>
    /// <param name="interaction">Its fields.</param>
    /// <param name="now">No message tells of what is more than a day after it.</param>
    /// <param name="origin">What the event says of where it comes from.</param>
    /// <param name="fact">What it says.</param>
    /// <param name="refusal">Why it says nothing that can be stored.</param>
    bool TryJudge(IncomingInteraction interaction, DateTimeOffset now, MessageOrigin origin, out StatedFact fact, out Refusal refusal);
}

/// <summary>Which message an event was made of.</summary>
/// <param name="CorrelationId">The topic: <c>kafka:recs.rate</c>.</param>
/// <param name="CausationId">The message: <c>recs.rate[3]@1205</c>.</param>
internal readonly record struct MessageOrigin(string CorrelationId, string CausationId);

/// <summary>Why messages are not stored, beside the reasons that they share with the rows of files.</summary>
internal static class MessageReasons
{
    /// <summary>Not a JSON object with the topic's fields.</summary>
    public const string Unreadable = "unreadable";
    /// <summary>Its user or movie was erased: nothing is stored about it any more.</summary>
    public const string Erased = "erased";
    /// <summary>The database did not take it.</summary>
    public const string NotStorable = "not-storable";
}
