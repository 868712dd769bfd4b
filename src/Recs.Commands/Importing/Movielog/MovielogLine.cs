using System.Text;
using System.Text.Unicode;
using Recs.Commands.Watching;

namespace Recs.Commands.Importing.Movielog;

/// <summary>The three forms of a movielog line.</summary>
public enum MovielogForm : byte
{
    /// <summary>A minute of a movie was watched.</summary>
    Watch,
    /// <summary>A movie was rated.</summary>
    Rate,
    /// <summary>Somebody's service was asked for a slate and answered.</summary>
    Recommendation,
}

/// <summary>
/// A line of the movielog, the log of a movie service as a text of lines; its fields are slices of the line, so that reading allocates nothing. Whatever the
/// bytes are, a line is one record or has one fault.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>2023-10-25T07:20:57,135941,GET /data/m/interstellar+2014/134.mpg</c></item>
/// <item><c>2023-09-28T20:20:23,303668,GET /rate/the+gallant+hours+1960=4</c></item>
/// <item><c>2023-10-25T07:20:57.389,226993,recommendation request host:8082, status 200, result: a+1999, b+2001, 351 ms</c></item>
/// </list>
/// </remarks>
public readonly ref struct MovielogLine
{
    /// <summary>Longest line in bytes.</summary>
    public const int MaxLength = 64 * 1024;
    /// <summary>Last minute of the longest movie.</summary>
    public const int MaxMinute = WatchMovie.LongestMovieMinutes;
    /// <summary>Longest slate.</summary>
    public const int MaxItems = 1000;

    /// <summary>What it tells.</summary>
    public MovielogForm Form { get; private init; }
    /// <summary>When, in UTC ticks, from 1970 to 2099.</summary>
    public long Ticks { get; private init; }
    /// <summary>Who: digits only.</summary>
    public ReadOnlySpan<byte> UserId { get; private init; }
    /// <summary>Which movie was watched or rated; empty for a slate.</summary>
    public ReadOnlySpan<byte> MovieId { get; private init; }
    /// <summary>Minute of the movie, from 0; or rating, 1 to 5; or HTTP status.</summary>
    public int Value { get; private init; }
    /// <summary>Who answered a request; empty for the other forms.</summary>
    public ReadOnlySpan<byte> Server { get; private init; }
    /// <summary>What was answered; empty for the other forms.</summary>
    public MovielogItems Items { get; private init; }
    /// <summary>Milliseconds that an answer took; 0 for the other forms.</summary>
    public int LatencyMs { get; private init; }
    /// <summary>When.</summary>
    public DateTimeOffset At => new(Ticks, TimeSpan.Zero);

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line without its end.</param>
    /// <param name="line">The record; without meaning if there is a fault.</param>
    public static MovielogFault Read(ReadOnlySpan<byte> text, out MovielogLine line) => Read(text, out line, out _);

    /// <summary>Reads a line.</summary>
    /// <param name="text">The line without its end.</param>
    /// <param name="line">The record; without meaning if there is a fault.</param>
    /// <param name="found">The part of the line that the fault is about.</param>
    public static MovielogFault Read(ReadOnlySpan<byte> text, out MovielogLine line, out ReadOnlySpan<byte> found)
    {
        line = default;
        found = text;
        if (text.Length > MaxLength) return MovielogFault.LineTooLong;
        if (!Ascii.IsValid(text) && !Utf8.IsValid(text)) return MovielogFault.NotUtf8;

        var timeEnd = text.IndexOf((byte)',');
        if (timeEnd < 0) return MovielogFault.Truncated;
        found = text[..timeEnd];
        if (!MovielogTime.TryRead(found, out var ticks)) return MovielogFault.BadTimestamp;
        text = text[(timeEnd + 1)..];

        var userEnd = text.IndexOf((byte)',');
        found = userEnd < 0 ? text : text[..userEnd];
        if (!MovielogFields.IsUserId(found)) return userEnd < 0 && found.IsEmpty ? MovielogFault.Truncated : MovielogFault.BadUserId;
        if (userEnd < 0) return MovielogFault.Truncated;
        line = new() { Ticks = ticks, UserId = found };
        found = text = text[(userEnd + 1)..];

        if (text.StartsWith("GET /data/m/"u8)) return ReadWatch(text["GET /data/m/"u8.Length..], ref line, ref found);
        if (text.StartsWith("GET /rate/"u8)) return ReadRate(text["GET /rate/"u8.Length..], ref line, ref found);
        if (text.StartsWith(MovielogSlate.Start)) return ReadRecommendation(text[MovielogSlate.Start.Length..], ref line, ref found);
        var begun = "GET /data/m/"u8.StartsWith(text) || "GET /rate/"u8.StartsWith(text) || MovielogSlate.Start.StartsWith(text);
        return begun ? MovielogFault.Truncated : MovielogFault.UnknownForm;
    }

    private static MovielogFault ReadWatch(ReadOnlySpan<byte> text, ref MovielogLine line, scoped ref ReadOnlySpan<byte> found)
    {
        if (!MovielogFields.TrySplitMovie(text, (byte)'/', out var movie, out var minute))
            return MovielogFields.Incomplete(found = movie, MovielogFault.BadMovieId);
        if (!MovielogFields.IsMovieId(found = movie)) return MovielogFault.BadMovieId;
        found = minute;
        var digits = MovielogFields.ReadNumber(minute, out var value);
        var end = minute[digits..];
        if (".mpg"u8.StartsWith(end) && end.Length < 4) return MovielogFault.Truncated;
        if (digits == 0 || value > MaxMinute || !end.StartsWith(".mpg"u8)) return MovielogFault.BadMinute;
        if (end.Length > 4) return MovielogFault.TrailingFields;
        line = new() { Form = MovielogForm.Watch, Ticks = line.Ticks, UserId = line.UserId, MovieId = movie, Value = value };
        return MovielogFault.None;
    }

    private static MovielogFault ReadRate(ReadOnlySpan<byte> text, ref MovielogLine line, scoped ref ReadOnlySpan<byte> found)
    {
        if (!MovielogFields.TrySplitMovie(text, (byte)'=', out var movie, out var rating))
            return MovielogFields.Incomplete(found = movie, MovielogFault.BadMovieId);
        if (!MovielogFields.IsMovieId(found = movie)) return MovielogFault.BadMovieId;
        found = rating;
        if (rating.IsEmpty) return MovielogFault.Truncated;
        var end = rating.IndexOf((byte)',');
        if ((end < 0 ? rating : rating[..end]) is not [>= (byte)'1' and <= (byte)'5']) return MovielogFault.BadRating;
        if (end >= 0) return MovielogFault.TrailingFields;
        line = new() { Form = MovielogForm.Rate, Ticks = line.Ticks, UserId = line.UserId, MovieId = movie, Value = rating[0] - '0' };
        return MovielogFault.None;
    }

    private static MovielogFault ReadRecommendation(ReadOnlySpan<byte> text, ref MovielogLine line, scoped ref ReadOnlySpan<byte> found)
    {
        var fault = MovielogSlate.Read(text, out var slate, ref found);
        if (fault != MovielogFault.None) return fault;
        line = new()
        {
            Form = MovielogForm.Recommendation,
            Ticks = line.Ticks,
            UserId = line.UserId,
            Value = slate.Status,
            Server = slate.Server,
            Items = new(slate.Items),
            LatencyMs = slate.LatencyMs,
        };
        return MovielogFault.None;
    }
}
