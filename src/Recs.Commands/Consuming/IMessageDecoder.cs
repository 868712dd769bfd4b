using Recs.EventStore;

namespace Recs.Commands.Consuming;

/// <summary>What a message says.</summary>
/// <param name="StreamId">Stream of the event.</param>
/// <param name="MovieId">Movie that it is about, which is added to the catalogue if nobody has; null for none.</param>
/// <param name="Event">The event. Its id follows from what it says, so that the same message again is the same event.</param>
internal readonly record struct StatedFact(string StreamId, string? MovieId, NewEvent Event);

/// <summary>Why a message is not stored.</summary>
/// <param name="Reason">One of <see cref="MessageReasons"/> or of <see cref="Importing.RejectReasons"/>.</param>
/// <param name="Detail">What was found and what was expected, for a person.</param>
internal readonly record struct Refusal(string Reason, string Detail);

/// <summary>Reads the messages of one topic. Pure: the same bytes always say the same.</summary>
internal interface IMessageDecoder
{
    /// <summary>Reads a message.</summary>
    /// <param name="value">Its value, as it came.</param>
    /// <param name="now">No message tells of what is more than a day after it.</param>
    /// <param name="origin">What the event says of where it comes from.</param>
    /// <param name="fact">What it says.</param>
    /// <param name="refusal">Why it says nothing that can be stored.</param>
    bool TryDecode(ReadOnlySpan<byte> value, DateTimeOffset now, MessageOrigin origin, out StatedFact fact, out Refusal refusal);
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
    /// <summary>Not a whole minute of a movie.</summary>
    public const string BadMinute = "bad-minute";
    /// <summary>Its user or movie was erased: nothing is stored about it any more.</summary>
    public const string Erased = "erased";
    /// <summary>The database did not take it.</summary>
    public const string NotStorable = "not-storable";
}
