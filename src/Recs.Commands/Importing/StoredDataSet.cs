using Recs.EventStore.Importing;

namespace Recs.Commands.Importing;

/// <summary>What the store made of the three parts of a data set.</summary>
/// <param name="Movies">Movies, read or inferred; null if nothing was stored.</param>
/// <param name="Users">Persons.</param>
/// <param name="Ratings">Ratings.</param>
/// <param name="UsersMet">Persons whom another source had brought into the log before.</param>
/// <param name="Seconds">Seconds from the first append to the end.</param>
internal sealed record StoredDataSet(ImportResult? Movies, ImportResult? Users, ImportResult? Ratings, long UsersMet, double Seconds)
{
    public static readonly StoredDataSet Nothing = new(null, null, null, 0, 0);

    private IEnumerable<ImportResult> Parts => new[] { Movies, Users, Ratings }.OfType<ImportResult>();

    public long ResumedFrom => Parts.Sum(p => p.ResumedFrom);

    public double EventsPerSecond => Seconds == 0 ? 0 : Parts.Sum(p => p.Progress.Position - p.ResumedFrom) / Seconds;

    public IReadOnlyList<ImportedFile> Files(DataSet set, ImportPlan plan)
    {
        var files = new List<ImportedFile>();
        if (set.MoviesFile is { } movies) files.Add(File(movies, Movies));
        if (set.UsersFile is { } users) files.Add(File(users, Users));
        if (set.RatingsFile is { } ratings) files.Add(File(ratings with { DuplicateRows = set.Ratings.Count - plan.Order.Length }, Ratings));
        return files;
    }

    private static ImportedFile File(FileRows rows, ImportResult? stored)
        => new(rows.Name, rows.InputRows, stored?.Progress.Stored ?? 0, rows.DuplicateRows + (stored?.Progress.Duplicates ?? 0), rows.RejectRows);
}
