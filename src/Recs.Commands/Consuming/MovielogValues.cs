using System.Text;
using Recs.Commands.Importing.Movielog;

namespace Recs.Commands.Consuming;

/// <summary>Reads the topic with raw lines of a movielog: a message is one line, with or without its end.</summary>
internal sealed class MovielogValues : IValueReader
{
    /// <inheritdoc/>
    public bool TryRead(ReadOnlySpan<byte> value, DateTimeOffset now, MessageOrigin origin, out StatedFact fact, out Refusal refusal)
    {
        (fact, refusal) = (default, default);
        var fault = MovielogLine.Read(WithoutEnd(value), out var line, out var found);
        if (fault == MovielogFault.None && line.At > now.AddDays(1))
        {
            fault = MovielogFault.BadTimestamp;
            found = value[..Math.Min(value.Length, 23)];
        }
        if (fault != MovielogFault.None)
        {
            refusal = new(fault.Reason(), $"found '{Printable.Of(found, 60)}'; {fault.Expected()}");
            return false;
        }
        var user = Encoding.ASCII.GetString(line.UserId);
        switch (line.Form)
        {
            case MovielogForm.Watch:
                fact = FactEvents.Watched(user, Encoding.ASCII.GetString(line.MovieId), line.Value, line.At, origin);
                return true;
            case MovielogForm.Rate:
                fact = FactEvents.Rated(user, Encoding.ASCII.GetString(line.MovieId), 2 * line.Value, line.At, origin);
                return true;
            default:
                refusal = new(MovielogFault.UnknownForm.Reason(), "recommendation lines are not taken from a topic");
                return false;
        }
    }

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> value)
    {
        if (value.EndsWith("\n"u8)) value = value[..^1];
        return value.EndsWith("\r"u8) ? value[..^1] : value;
    }
}
