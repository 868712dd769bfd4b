using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;

namespace Recs.Commands.Validating;

/// <summary>Findings about a data set that is in memory.</summary>
internal static class DataSetFindings
{
    /// <summary>Looks through a data set.</summary>
    /// <param name="set">Data set.</param>
    /// <param name="order">Its ratings in the order of time, each fact once: <see cref="RatingOrder.Of"/>.</param>
    /// <param name="reasons">Rejected rows by reason.</param>
    /// <param name="lateAfter">From where on a row counts as late.</param>
    public static BatchFindings Of(DataSet set, int[] order, IReadOnlyDictionary<string, long> reasons, TimeSpan lateAfter) => new()
    {
        Format = set.Format,
        Files = Files(set, order.Length),
        Reasons = reasons,
        Oldest = order.Length == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(set.Ratings.Seconds[order[0]]),
        Newest = order.Length == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(set.Ratings.Seconds[order[^1]]),
        Order = set.Format == DataSetFormats.NameOf(DataSetFormat.Interactions) ? OrderOf(set, lateAfter) : null,
        HasCatalogue = set.MoviesFile is not null && set.RatingsFile is not null,
        Coverage = Coverage(set),
    };

    private static List<FileRows> Files(DataSet set, int ratings)
        => [.. new[] { set.MoviesFile, set.UsersFile, set.RatingsFile is { } file ? file with { DuplicateRows = set.Ratings.Count - ratings } : null }.OfType<FileRows>()];

    /// <summary>Within each person's rows: files of interactions are often grouped by person, which says nothing about their order.</summary>
    private static LateRows OrderOf(DataSet set, TimeSpan lateAfter)
    {
        var newest = new uint[set.UserIds.Count];
        var late = 0L;
        var users = set.Ratings.Users;
        var seconds = set.Ratings.Seconds;
        for (var row = 0; row < users.Length; row++)
        {
            ref var reached = ref newest[users[row]];
            if (reached > seconds[row] + lateAfter.TotalSeconds) late++;
            reached = Math.Max(reached, seconds[row]);
        }
        return new(users.Length, late);
    }

    private static List<FieldCoverage> Coverage(DataSet set)
    {
        var fields = new List<FieldCoverage>();
        var told = set.Format == DataSetFormats.NameOf(DataSetFormat.JsonLines);
        if (set.Movies.Count > 0)
        {
            Add("year", set.Movies, m => m.Year is not null);
            Add("genres", set.Movies, m => m.Genres.Count > 0);
            if (told) Add("runtime", set.Movies, m => m.RuntimeMinutes is not null);
            if (told) Add("languages", set.Movies, m => m.Languages is not null);
        }
        if (set.Users.Count > 0)
        {
            Add("gender", set.Users, u => u.Gender is not null);
            Add("age", set.Users, u => u.Age is not null);
            Add("occupation", set.Users, u => u.Occupation is not null);
        }
        return fields;

        void Add<T>(string name, IReadOnlyList<T> rows, Func<T, bool> known) => fields.Add(new(name, rows.Count, rows.LongCount(known)));
    }
}
