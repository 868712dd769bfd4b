using System.Text;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Importing.Movielog;

namespace Recs.Commands.Rejecting;

/// <summary>Rejected lines of movielogs.</summary>
internal sealed class MovielogLines : IRejectedLineReader
{
    /// <inheritdoc/>
    public bool Reads(string format) => format == DataSetFormats.NameOf(DataSetFormat.Movielog);

    /// <inheritdoc/>
    public IEnumerable<ReadAgain> Read(IReadOnlyList<RejectedLine> lines, Func<string, bool> isKnownMovie) => lines.Select(Read);

    private static ReadAgain Read(RejectedLine rejected)
    {
        var fault = MovielogLine.Read(rejected.BytesIn(Encoding.UTF8), out var line, out var found);
        if (fault != MovielogFault.None) return new(rejected, null, fault.Reason(), MovielogRejects.Detail(fault, found));
        var events = new MovielogEvents(new ImportOrigin(rejected.CorrelationId, rejected.CausationId), rejected.UserPrefix);
        if (!events.TryAdd(line)) return new(rejected, null, MovielogFault.BadUserId.Reason(), MovielogRejects.Detail(MovielogFault.BadUserId, line.UserId));
        var (stream, e) = events.ToEvents([], out _).Span[0]; // its memory is not given back: the event keeps it
        return new(rejected, new LineFact.OfEvent(stream, e, line.At, Movies(line)));
    }

    private static List<string> Movies(in MovielogLine line)
    {
        var movies = new List<string>();
        if (line.Form != MovielogForm.Recommendation) movies.Add(Encoding.ASCII.GetString(line.MovieId));
        else
            foreach (var item in line.Items) movies.Add(Encoding.ASCII.GetString(item));
        return movies;
    }
}
