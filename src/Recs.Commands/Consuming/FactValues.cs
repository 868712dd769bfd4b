using Recs.Commands.Importing;
using Recs.Commands.Watching;
using Recs.Contracts;
using Recs.Contracts.Topics;
using Recs.Kafka.Messages;

namespace Recs.Commands.Consuming;

/// <summary>Reads <c>{p}.rate</c> or <c>{p}.watch</c>: JSON here, and what was framed and decoded elsewhere.</summary>
/// <param name="ratings">Whether the topic is that of ratings, else that of watched minutes.</param>
internal sealed class FactValues(bool ratings) : IInteractionReader
{
    /// <inheritdoc/>
    public bool TryRead(ReadOnlySpan<byte> value, DateTimeOffset now, MessageOrigin origin, out StatedFact fact, out Refusal refusal)
    {
        fact = default;
        if (!FactMessage.TryRead(value, now, ratings, out var message, out refusal))
            return false;
        fact = ratings
            ? FactEvents.Rated(message.UserId!, message.MovieId!, message.HalfStars!.Value, message.At, origin)
            : FactEvents.Watched(message.UserId!, message.MovieId!, message.Minute!.Value, message.At, origin);
        return true;
    }

    /// <inheritdoc/>
    public bool TryJudge(IncomingInteraction interaction, DateTimeOffset now, MessageOrigin origin, out StatedFact fact, out Refusal refusal)
    {
        fact = default;
        if (Fault(interaction, now) is { } fault)
        {
            refusal = fault;
            return false;
        }
        refusal = default;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(interaction.Timestamp);
        fact = ratings
            ? FactEvents.Rated(interaction.UserId, interaction.MovieId, (int)(interaction.Rating!.Value * 2), at, origin)
            : FactEvents.Watched(interaction.UserId, interaction.MovieId, interaction.Minute!.Value, at, origin);
        return true;
    }

    private Refusal? Fault(IncomingInteraction told, DateTimeOffset now)
    {
        var kind = ratings ? InteractionKinds.Rate : InteractionKinds.Watch;
        return told.Kind.Length > 0 && told.Kind != kind ? new(MessageReasons.Unreadable, $"kind is '{Printable.Of(told.Kind, 60)}'; expected '{kind}' on this topic")
            : !EntityId.IsValid(told.UserId) ? new(RejectReasons.BadUserId, $"user_id is '{Printable.Of(told.UserId, 60)}'; expected {EntityId.Rule}")
            : !EntityId.IsValid(told.MovieId) ? new(RejectReasons.BadMovieId, $"movie_id is '{Printable.Of(told.MovieId, 60)}'; expected {EntityId.Rule}")
            : told.Timestamp < 0 || told.Timestamp > now.AddDays(1).ToUnixTimeMilliseconds()
                ? new(RejectReasons.BadTimestamp, $"timestamp is {told.Timestamp}; expected milliseconds since 1970, to a day from now")
            : ratings && !FactMessage.IsRating(told.Rating) ? new(RejectReasons.BadRating, $"rating is {told.Rating?.ToString() ?? "missing"}; expected 0.5 to 5 in halves")
            : !ratings && told.Minute is not (>= 0 and <= WatchMovie.LongestMovieMinutes)
                ? new(RejectReasons.BadMinute, $"minute is {told.Minute?.ToString() ?? "missing"}; expected 0 to {WatchMovie.LongestMovieMinutes}")
            : null;
    }
}
