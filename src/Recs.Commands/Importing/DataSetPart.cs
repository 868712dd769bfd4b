namespace Recs.Commands.Importing;

/// <summary>The two parts of a data set in the order of time: what is imported first, and what then happens as if it were new.</summary>
public static class DataSetPart
{
    /// <summary>The ratings after the first <paramref name="share"/> of them.</summary>
    /// <param name="set">Data set.</param>
    /// <param name="share">Above 0, below 1.</param>
    /// <returns>Row numbers by time, then by position in the file; rows that say again what an earlier row says are left out.</returns>
    public static ReadOnlyMemory<int> RowsFrom(DataSet set, double share)
    {
        var rows = RatingOrder.Of(set.Ratings);
        return rows.AsMemory(Cut(rows, share));
    }

    /// <summary>The same set with the first <paramref name="share"/> of its ratings, in the order of the file; catalogue and persons are whole.</summary>
    /// <param name="set">Data set.</param>
    /// <param name="share">Above 0, below 1.</param>
    public static DataSet Until(this DataSet set, double share)
    {
        var rows = RatingOrder.Of(set.Ratings);
        Array.Resize(ref rows, Cut(rows, share));
        Array.Sort(rows);
        var part = new RatingColumns();
        foreach (var row in rows)
            part.Add(set.Ratings.Users[row], set.Ratings.Movies[row], set.Ratings.HalfStars[row], set.Ratings.Seconds[row]);
        return set with { Ratings = part, RatingsFile = set.RatingsFile is { } file ? file with { InputRows = file.InputRows - (set.Ratings.Count - part.Count) } : null };
    }

    private static int Cut(int[] rows, double share) => (int)(rows.Length * share);
}
