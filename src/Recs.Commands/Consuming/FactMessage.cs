using System.Buffers;
using System.Text;
using System.Text.Json;
using Recs.Commands.Importing;
using Recs.Commands.Watching;
using Recs.Contracts;

namespace Recs.Commands.Consuming;

/// <summary>
/// A JSON message of <c>{p}.watch</c> <c>{"timestamp", "user_id", "movie_id", "minute"}</c> or <c>{p}.rate</c> <c>{"timestamp", "user_id", "movie_id", "rating"}</c>, read in one walk
/// over its bytes. As strict as the commands over HTTP, except that other fields are passed over: a producer may know more than we do.
/// </summary>
internal struct FactMessage
{
    private bool _hasTime;

    /// <summary>When, in UTC.</summary>
    public DateTimeOffset At { get; private set; }
    /// <summary>Who.</summary>
    public string? UserId { get; private set; }
    /// <summary>Which movie.</summary>
    public string? MovieId { get; private set; }
    /// <summary>Minute of the movie.</summary>
    public int? Minute { get; private set; }
    /// <summary>Rating in half stars.</summary>
    public int? HalfStars { get; private set; }

    /// <summary>Reads a message.</summary>
    /// <param name="value">Its bytes.</param>
    /// <param name="now">No fact is more than a day after it.</param>
    /// <param name="isRating">Whether it must have a rating, else a minute.</param>
    /// <param name="message">What it says; without meaning if it is refused.</param>
    /// <param name="refusal">Why it was refused.</param>
    public static bool TryRead(ReadOnlySpan<byte> value, DateTimeOffset now, bool isRating, out FactMessage message, out Refusal refusal)
    {
        message = default;
        refusal = default;
        var reader = new Utf8JsonReader(value);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return Refused(MessageReasons.Unreadable, "expected a JSON object", out refusal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!message.TryField(ref reader, now, isRating, out refusal))
                    return false;
            }
            if (reader.Read())
                return Refused(MessageReasons.Unreadable, "something follows the JSON object", out refusal);
        }
        catch (JsonException e)
        {
            return Refused(MessageReasons.Unreadable, $"not a JSON object (byte {e.BytePositionInLine + 1} of line {e.LineNumber + 1})", out refusal);
        }
        catch (InvalidOperationException)
        {
            return Refused(MessageReasons.Unreadable, "an escaped character is half of one", out refusal);
        }
        return message.UserId is null ? Refused(RejectReasons.BadUserId, "user_id is missing", out refusal)
            : message.MovieId is null ? Refused(RejectReasons.BadMovieId, "movie_id is missing", out refusal)
            : !message._hasTime ? Refused(RejectReasons.BadTimestamp, "timestamp is missing", out refusal)
            : isRating && message.HalfStars is null ? Refused(RejectReasons.BadRating, "rating is missing", out refusal)
            : isRating || message.Minute is not null || Refused(RejectReasons.BadMinute, "minute is missing", out refusal);
    }

    /// <summary>Whether it is 0.5 to 5 stars in halves.</summary>
    public static bool IsRating(double? stars) => stars is >= 0.5 and <= 5 && stars * 2 % 1 == 0;

    private bool TryField(ref Utf8JsonReader reader, DateTimeOffset now, bool isRating, out Refusal refusal)
    {
        refusal = default;
        if (reader.ValueTextEquals("user_id"u8))
        {
            reader.Read();
            if (UserId is not null) return Repeated("user_id", out refusal);
            UserId = Id(ref reader);
            return UserId is not null || Refused(RejectReasons.BadUserId, $"user_id is {Found(ref reader)}; expected {EntityId.Rule}", out refusal);
        }
        if (reader.ValueTextEquals("movie_id"u8))
        {
            reader.Read();
            if (MovieId is not null) return Repeated("movie_id", out refusal);
            MovieId = Id(ref reader);
            return MovieId is not null || Refused(RejectReasons.BadMovieId, $"movie_id is {Found(ref reader)}; expected {EntityId.Rule}", out refusal);
        }
        if (reader.ValueTextEquals("timestamp"u8))
        {
            reader.Read();
            if (_hasTime) return Repeated("timestamp", out refusal);
            _hasTime = MessageTime.TryRead(ref reader, now, out var at);
            At = at;
            return _hasTime || Refused(
                RejectReasons.BadTimestamp, $"timestamp is {Found(ref reader)}; expected whole milliseconds since 1970 or an ISO 8601 time, from 1970 to a day from now", out refusal);
        }
        if (isRating && reader.ValueTextEquals("rating"u8))
        {
            reader.Read();
            if (HalfStars is not null) return Repeated("rating", out refusal);
            HalfStars = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var stars) && IsRating(stars) ? (int)(stars * 2) : null;
            return HalfStars is not null || Refused(RejectReasons.BadRating, $"rating is {Found(ref reader)}; expected 0.5 to 5 in halves", out refusal);
        }
        if (!isRating && reader.ValueTextEquals("minute"u8))
        {
            reader.Read();
            if (Minute is not null) return Repeated("minute", out refusal);
            Minute = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var minute) && minute is >= 0 and <= WatchMovie.LongestMovieMinutes ? minute : null;
            return Minute is not null || Refused(RejectReasons.BadMinute, $"minute is {Found(ref reader)}; expected 0 to {WatchMovie.LongestMovieMinutes}", out refusal);
        }
        reader.Skip();
        return true;
    }

    /// <summary>A valid id, as text or as a whole number that is meant as text; else null.</summary>
    private static string? Id(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetInt64(out var number) ? number.ToString() : null;
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > 6 * EntityId.MaxLength)
            return null;
        Span<char> text = stackalloc char[6 * EntityId.MaxLength];
        int length;
        if (reader.ValueIsEscaped)
            length = reader.CopyString(text);
        else if (Ascii.ToUtf16(reader.ValueSpan, text, out length) != OperationStatus.Done)
            return null;
        return EntityId.IsValid(text[..length]) ? new string(text[..length]) : null;
    }

    /// <summary>A value for a message to a person.</summary>
    private static string Found(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"'{Printable.Of(reader.ValueSpan, 60)}'",
        _ => Printable.Of(reader.ValueSpan, 60),
    };

    private static bool Repeated(string field, out Refusal refusal) => Refused(MessageReasons.Unreadable, $"{field} stands there twice", out refusal);

    private static bool Refused(string reason, string detail, out Refusal refusal)
    {
        refusal = new(reason, detail);
        return false;
    }
}
