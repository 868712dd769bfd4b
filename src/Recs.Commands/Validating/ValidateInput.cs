using System.Diagnostics;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;

namespace Recs.Commands.Validating;

/// <summary>Judges an input without a database: the readers and the checks of an import, and nothing stored.</summary>
public static class ValidateInput
{
    /// <summary>Rejected rows that the report shows.</summary>
    public const int MostShown = 20;

    /// <summary>Reads a file or folder and judges it.</summary>
    /// <param name="path">File or folder.</param>
    /// <param name="how">Format and limits, as of an import.</param>
    /// <param name="cleanCopy">File, for a folder the folder, that gets the clean rows; null for nowhere.</param>
    /// <param name="rejected">Takes every rejected row; null for nobody.</param>
    /// <param name="now">The present, for the age of the newest fact.</param>
    /// <param name="cancel">Stops reading a long log.</param>
    /// <exception cref="ImportInputException">The input as a whole cannot be read, or an option is out of its range.</exception>
    public static ValidationReport Run(string path, ImportOptions how, string? cleanCopy, IRejectSink? rejected, DateTimeOffset now, CancellationToken cancel = default)
    {
        how.Validate();
        if (cleanCopy is not null) CleanCopy.MustDiffer(path, cleanCopy);
        var clock = Stopwatch.StartNew();
        var first = new FirstRejects(rejected);
        var unclean = cleanCopy is null ? null : new LineMarks(first);
        var rejects = new RejectCounts((IRejectSink?)unclean ?? first);
        var batch = DataSetFormats.Recognise(path, how.Format) == DataSetFormat.Movielog
            ? ReadMovielog(path, how, cleanCopy, rejects, unclean, cancel)
            : ReadDataSet(path, how, cleanCopy, rejects, unclean);
        var checks = QualityChecks.Judge(batch, how.Quality, earlierRows: null, now);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        return ValidationReport.Of(how.SourceOf(name), batch, checks, how.MaxRejectRate, clock.Elapsed.TotalSeconds, first.Rows);
    }

    private static BatchFindings ReadDataSet(string path, ImportOptions how, string? cleanCopy, RejectCounts rejects, LineMarks? unclean)
    {
        var set = DataSetReader.Read(path, how.Format, rejects);
        var order = RatingOrder.Of(set.Ratings);
        if (cleanCopy is not null) CleanCopy.Write(path, cleanCopy, set, order, unclean!);
        return DataSetFindings.Of(set, order, rejects.ByReason, how.Quality.LateAfter);
    }

    private static BatchFindings ReadMovielog(string path, ImportOptions how, string? cleanCopy, RejectCounts rejects, LineMarks? unclean, CancellationToken cancel)
    {
        var batch = MovielogFindings.Read(path, ErasedPeople.Nobody, rejects, how.Quality.LateAfter, cancel);
        if (cleanCopy is not null) CleanCopy.WriteMovielog(path, cleanCopy, unclean!);
        return batch;
    }

    /// <summary>Keeps the first rejected rows and hands all on.</summary>
    private sealed class FirstRejects(IRejectSink? next) : IRejectSink
    {
        private readonly List<Reject> rows = [];

        public IReadOnlyList<Reject> Rows => rows;

        public void Add(in Reject reject)
        {
            if (rows.Count < MostShown) rows.Add(reject);
            next?.Add(in reject);
        }

        public void Repeated(string file, long line) => next?.Repeated(file, line);
    }
}
