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
        fact = line.Form switch
        {
            MovielogForm.Watch => FactEvents.Watched(Encoding.ASCII.GetString(line.UserId), Encoding.ASCII.GetString(line.MovieId), line.Value, line.At, origin),
            MovielogForm.Rate => FactEvents.Rated(Encoding.ASCII.GetString(line.UserId), Encoding.ASCII.GetString(line.MovieId), 2 * line.Value, line.At, origin),
            _ => FactEvents.Observed(line, origin),
        };
        return true;
    }

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> value)
    {
        if (value.EndsWith("\n"u8)) value = value[..^1];
        return value.EndsWith("\r"u8) ? value[..^1] : value;
    }
}
