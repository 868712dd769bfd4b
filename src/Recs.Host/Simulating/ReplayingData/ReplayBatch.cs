using System.Globalization;
using System.Text;
using System.Text.Json;
using Recs.Commands.Importing;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>Facts that are sent together: what happened in one short span of the data's time.</summary>
/// <param name="Number">From 0.</param>
/// <param name="From">Beginning of the span.</param>
/// <param name="Until">Its end: by then all of it has happened.</param>
/// <param name="Rows">Rows of the data set, by time, then by position in the file.</param>
internal readonly record struct ReplayBatch(int Number, DateTimeOffset From, DateTimeOffset Until, ReadOnlyMemory<int> Rows)
{
    /// <summary>Facts of one request at most.</summary>
    public const int MostRows = 2000;

    /// <summary>
    /// Cuts rows into spans of equal length, a span of many rows into several batches. Which rows are in which batch depends on the arguments alone, never on when
    /// something was sent, so a batch that is sent again is the same.
    /// </summary>
    /// <param name="set">Data set.</param>
    /// <param name="rows">Row numbers in the order of time.</param>
    /// <param name="span">Length of a span in the data's time, at least a second.</param>
    public static IReadOnlyList<ReplayBatch> Cut(DataSet set, ReadOnlyMemory<int> rows, TimeSpan span)
    {
        List<ReplayBatch> batches = [];
        var seconds = (long)Math.Max(1, span.TotalSeconds);
        for (int start = 0, end; start < rows.Length; start = end)
        {
            var from = SpanOf(start);
            for (end = start + 1; end < rows.Length && end - start < MostRows && SpanOf(end) == from; end++)
            {
            }
            batches.Add(new(batches.Count, DateTimeOffset.FromUnixTimeSeconds(from), DateTimeOffset.FromUnixTimeSeconds(from + seconds), rows[start..end]));
        }
        return batches;

        long SpanOf(int place) => set.Ratings.Seconds[rows.Span[place]] / seconds * seconds;
    }

    /// <summary>Whoever does something in it, in the order in which they begin.</summary>
    public IReadOnlyList<string> People(DataSet set)
    {
        var seen = new HashSet<int>();
        List<string> people = [];
        foreach (var row in Rows.Span)
            if (seen.Add(set.Ratings.Users[row]))
                people.Add(set.UserIds[set.Ratings.Users[row]]);
        return people;
    }

    /// <summary>The batch as lines of <c>POST /events</c>.</summary>
    public byte[] ToLines(DataSet set)
    {
        var text = new StringBuilder(Rows.Length * 120);
        foreach (var row in Rows.Span)
            text.Append(CultureInfo.InvariantCulture,
                $$"""{"type":"rating","userId":"{{Escaped(set.UserIds[set.Ratings.Users[row]])}}","movieId":"{{Escaped(set.MovieIds[set.Ratings.Movies[row]])}}","rating":{{set.Ratings.HalfStars[row] / 2.0}},"at":"{{DateTimeOffset.FromUnixTimeSeconds(set.Ratings.Seconds[row]).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""").Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());

        static JsonEncodedText Escaped(string id) => JsonEncodedText.Encode(id);
    }
}
