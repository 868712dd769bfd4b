namespace Recs.Commands.Consuming;

/// <summary>Reads <c>{p}.rate</c> or <c>{p}.watch</c> in JSON.</summary>
/// <param name="ratings">Whether the topic is that of ratings, else that of watched minutes.</param>
internal sealed class JsonFacts(bool ratings) : IMessageDecoder
{
    /// <inheritdoc/>
    public bool TryDecode(ReadOnlySpan<byte> value, DateTimeOffset now, MessageOrigin origin, out StatedFact fact, out Refusal refusal)
    {
        fact = default;
        if (!FactMessage.TryRead(value, now, ratings, out var message, out refusal))
            return false;
        fact = ratings
            ? FactBody.Rated(message.UserId!, message.MovieId!, message.HalfStars!.Value, message.At, origin)
            : FactBody.Watched(message.UserId!, message.MovieId!, message.Minute!.Value, message.At, origin);
        return true;
    }
}
