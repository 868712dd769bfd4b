using System.Text;

namespace Recs.Commands.Importing;

/// <summary>Why a row was not taken: stable codes for scripts and dashboards.</summary>
public static class RejectReasons
{
    /// <summary>Too few or too many fields.</summary>
    public const string WrongFieldCount = "wrong-field-count";
    /// <summary>A quoted field that does not end on its line, or text after a closing quote.</summary>
    public const string BrokenQuote = "broken-quote";
    /// <summary>The user id breaks <see cref="Contracts.EntityId.Rule"/>.</summary>
    public const string BadUserId = "bad-user-id";
    /// <summary>The movie id breaks <see cref="Contracts.EntityId.Rule"/>.</summary>
    public const string BadMovieId = "bad-movie-id";
    /// <summary>Not 0.5 to 5 stars in halves.</summary>
    public const string BadRating = "bad-rating";
    /// <summary>No time from 1970 to 2099 in the way in which the format writes it.</summary>
    public const string BadTimestamp = "bad-timestamp";
    /// <summary>The movies file of the same folder does not have the movie.</summary>
    public const string UnknownMovie = "unknown-movie";
    /// <summary>An empty title, one over 1,000 characters, or one with control characters.</summary>
    public const string BadTitle = "bad-title";
    /// <summary>An empty genre, one with control characters, or flags that are neither 0 nor 1.</summary>
    public const string BadGenres = "bad-genres";
    /// <summary>No year from 1870 to 2100, or a release date that does not begin with one.</summary>
    public const string BadYear = "bad-year";
    /// <summary>Neither a number of minutes, up to 1,440, nor nothing.</summary>
    public const string BadRuntime = "bad-runtime";
    /// <summary>Something else than a list of language codes of two letters.</summary>
    public const string BadLanguages = "bad-languages";
    /// <summary>Neither true nor false.</summary>
    public const string BadAdult = "bad-adult";
    /// <summary>Not one JSON object on the line, or one of another kind than the file's.</summary>
    public const string BadJson = "bad-json";
    /// <summary>The person asked to be forgotten: nothing more is kept about them.</summary>
    public const string Erased = "erased";
    /// <summary>Not <c>F</c> or <c>M</c>.</summary>
    public const string BadGender = "bad-gender";
    /// <summary>Not a whole number of years from 0 to 120.</summary>
    public const string BadAge = "bad-age";
    /// <summary>An empty occupation, one over 100 characters, or one with control characters.</summary>
    public const string BadOccupation = "bad-occupation";
    /// <summary>An empty zip code, one over 100 characters, or one with control characters.</summary>
    public const string BadZipCode = "bad-zip-code";
    /// <summary>The id stood on an earlier line of the file with other content.</summary>
    public const string RepeatedId = "repeated-id";
    /// <summary>The line ends before it is complete.</summary>
    public const string Truncated = "truncated";
    /// <summary>None of the forms that a line of the log may have.</summary>
    public const string UnknownForm = "unknown-form";
    /// <summary>No minute of a movie.</summary>
    public const string BadMinute = "bad-minute";
    /// <summary>Something follows a complete record.</summary>
    public const string TrailingFields = "trailing-fields";
    /// <summary>A server without a name, or with a character that names of servers do not have.</summary>
    public const string BadServer = "bad-server";
    /// <summary>No HTTP status.</summary>
    public const string BadStatus = "bad-status";
    /// <summary>A request for a slate that failed: its result is the text of an error.</summary>
    public const string FailedRequest = "failed-request";
    /// <summary>A slate whose items are no movie ids.</summary>
    public const string BadItems = "bad-items";
    /// <summary>No whole number of milliseconds.</summary>
    public const string BadLatency = "bad-latency";
    /// <summary>Bytes that are no UTF-8.</summary>
    public const string NotUtf8 = "not-utf8";
    /// <summary>Longer than the format's lines may be.</summary>
    public const string LineTooLong = "line-too-long";
}

/// <summary>A row that was not taken.</summary>
/// <param name="File">File name without its folder.</param>
/// <param name="Line">Line number, from 1.</param>
/// <param name="Reason">One of <see cref="RejectReasons"/>.</param>
/// <param name="Detail">What was found and what was expected, for a person.</param>
/// <param name="Raw">The line, cut after <see cref="MaxRawLength"/> characters; what is no text is replaced.</param>
/// <param name="RawBase64">The line's bytes where <paramref name="Raw"/> does not give them back; null where it does, and where it was cut.</param>
public readonly record struct Reject(string File, long Line, string Reason, string Detail, string Raw, string? RawBase64 = null)
{
    /// <summary>Characters of the raw line that are kept: the longest lines of real logs, slates of 100 movies, can be tried again whole.</summary>
    public const int MaxRawLength = 8000;

    /// <summary>The reject of a line.</summary>
    /// <param name="file">File name without its folder.</param>
    /// <param name="number">Line number, from 1.</param>
    /// <param name="reason">One of <see cref="RejectReasons"/>.</param>
    /// <param name="detail">For a person.</param>
    /// <param name="line">The line as it came.</param>
    /// <param name="encoding">Encoding of its format.</param>
    internal static Reject Of(string file, long number, string reason, string detail, ReadOnlySpan<byte> line, Encoding encoding)
    {
        var raw = RawText.Of(line, encoding, MaxRawLength);
        var isWhole = raw.Length < MaxRawLength;
        return new(file, number, reason, detail, raw, isWhole && !line.SequenceEqual(encoding.GetBytes(raw)) ? Convert.ToBase64String(line) : null);
    }
}

/// <summary>Takes rejected rows as the readers find them. It must not hold them all: a file may be nothing but rejects.</summary>
public interface IRejectSink
{
    /// <summary>Takes one.</summary>
    void Add(in Reject reject);

    /// <summary>Is told of a row of a catalogue that says again what an earlier row says: no reject, but not stored either.</summary>
    /// <param name="file">File name without its folder.</param>
    /// <param name="line">Line number, from 1.</param>
    void Repeated(string file, long line)
    {
    }
}

/// <summary>Counts rejects by reason and hands them on.</summary>
public sealed class RejectCounts(IRejectSink? next = null) : IRejectSink
{
    private readonly SortedDictionary<string, long> byReason = new(StringComparer.Ordinal);

    /// <summary>Rejects so far.</summary>
    public long Total { get; private set; }

    /// <summary>Rejects so far by reason.</summary>
    public IReadOnlyDictionary<string, long> ByReason => byReason;

    /// <inheritdoc/>
    public void Add(in Reject reject)
    {
        Total++;
        byReason[reject.Reason] = byReason.GetValueOrDefault(reject.Reason) + 1;
        next?.Add(in reject);
    }

    /// <inheritdoc/>
    public void Repeated(string file, long line) => next?.Repeated(file, line);
}
