using System.Text;
using System.Text.Json;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore;

namespace Recs.Commands.Rejecting;

/// <summary>
/// Rejected rows of data sets: they are laid out as a small data set of their own and go through the very readers of an import. What the rest of their files
/// held is not there; a movie counts as known if the catalogue has it.
/// </summary>
internal sealed class DataSetLines : IRejectedLineReader
{
    private static readonly Dictionary<string, string> Headers = new(StringComparer.Ordinal) { ["movies.csv"] = MlCsv.MoviesHeader, ["ratings.csv"] = MlCsv.RatingsHeader };
    private static readonly string DotNetType = $"{typeof(MovieRated).FullName}, {typeof(MovieRated).Assembly.GetName().Name}";

    /// <inheritdoc/>
    public bool Reads(string format) => DataSetFormats.Find(format) is { } known and not DataSetFormat.Movielog;

    /// <inheritdoc/>
    public IEnumerable<ReadAgain> Read(IReadOnlyList<RejectedLine> lines, Func<string, bool> isKnownMovie)
    {
        var format = DataSetFormats.Find(lines[0].Format)!.Value;
        var folder = Directory.CreateTempSubdirectory("recs-retry-").FullName;
        try
        {
            var laidOut = LayOut(folder, format, lines);
            var outcome = new Outcome();
            var set = DataSetReader.Read(DataSetFormats.FilesOf(format).Count > 0 ? folder : Path.Combine(folder, lines[0].File), format, outcome, isKnownMovie, erased: null); // a retry asks about each stream itself
            return [.. laidOut.SelectMany(file => Match(file.Key, file.Value, set, outcome))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes the files of the format with nothing in them but the lines.</summary>
    /// <returns>By file its lines; the first of them stands on the line after the header.</returns>
    private static Dictionary<string, (int Before, List<RejectedLine> Lines)> LayOut(string folder, DataSetFormat format, IReadOnlyList<RejectedLine> lines)
    {
        var encoding = format is DataSetFormat.Ml1m or DataSetFormat.Ml100k ? Encoding.Latin1 : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var laidOut = new Dictionary<string, (int, List<RejectedLine>)>(StringComparer.Ordinal);
        IReadOnlyList<string> names = DataSetFormats.FilesOf(format) is { Count: > 0 } several ? several : [lines[0].File];
        foreach (var name in names)
        {
            List<RejectedLine> own = [.. lines.Where(l => l.File == name)];
            var header = Headers.GetValueOrDefault(name) ?? (format == DataSetFormat.Interactions ? lines[0].Header : null);
            IEnumerable<byte[]> rows = own.Select(l => l.BytesIn(encoding));
            if (header is not null) rows = rows.Prepend(encoding.GetBytes(header));
            File.WriteAllBytes(Path.Combine(folder, name), [.. rows.SelectMany(row => row.Append((byte)'\n'))]);
            laidOut.Add(name, (header is null ? 0 : 1, own));
        }
        return laidOut;
    }

    /// <summary>Readers take rows in their order, so the rows of a file are its lines without those that were left out.</summary>
    private static IEnumerable<ReadAgain> Match(string file, (int Before, List<RejectedLine> Lines) laidOut, DataSet set, Outcome outcome)
    {
        var row = 0;
        for (var i = 0; i < laidOut.Lines.Count; i++)
        {
            var (line, at) = (laidOut.Lines[i], (file, laidOut.Before + i + 1L));
            if (outcome.Rejects.TryGetValue(at, out var reject)) yield return new(line, null, reject.Reason, reject.Detail);
            else if (!outcome.Repeated.Contains(at)) yield return Fact(line, file, set, row++);
        }
    }

    private static ReadAgain Fact(RejectedLine line, string file, DataSet set, int row)
    {
        if (set.MoviesFile?.Name == file) return new(line, new LineFact.OfMovie(set.Movies[row]));
        var userId = line.UserPrefix + (set.UsersFile?.Name == file ? set.Users[row].UserId : set.UserIds[set.Ratings.Users[row]]);
        if (userId.Length > EntityId.MaxLength) return new(line, null, RejectReasons.BadUserId, $"User id '{userId}' is longer than {EntityId.MaxLength} characters with its prefix.");
        return new(line, set.UsersFile?.Name == file ? new LineFact.OfUser(set.Users[row] with { UserId = userId }) : Rated(line, userId, set, row));
    }

    private static LineFact.OfEvent Rated(RejectedLine line, string userId, DataSet set, int row)
    {
        var (movieId, halfStars, at) = (set.MovieIds[set.Ratings.Movies[row]], set.Ratings.HalfStars[row], DateTimeOffset.FromUnixTimeSeconds(set.Ratings.Seconds[row]));
        var body = JsonSerializer.SerializeToUtf8Bytes(new MovieRated(userId, movieId, halfStars / 2.0, at), EventJson.Default.MovieRated);
        var rated = new NewEvent(FactId.Rated(userId, movieId, halfStars, at), EventAliases.MovieRated, body, line.CorrelationId, line.CausationId, DotNetType: DotNetType);
        return new(StreamIds.User(userId), rated, at, [movieId]);
    }

    private sealed class Outcome : IRejectSink
    {
        public Dictionary<(string File, long Line), Reject> Rejects { get; } = [];
        public HashSet<(string File, long Line)> Repeated { get; } = [];
        public void Add(in Reject reject) => Rejects.Add((reject.File, reject.Line), reject);
        void IRejectSink.Repeated(string file, long line) => Repeated.Add((file, line));
    }
}
