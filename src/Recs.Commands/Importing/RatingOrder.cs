namespace Recs.Commands.Importing;

/// <summary>The order in which ratings become events: by time, then by position in the file, each fact once.</summary>
public static class RatingOrder
{
    private const int Digit = 1 << 16;

    /// <summary>Rows in the order of time, without those that say again what an earlier row says.</summary>
    /// <returns>Row numbers. Rows minus their number is the number of duplicates.</returns>
    public static int[] Of(RatingColumns ratings)
    {
        var rows = new int[ratings.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = i;
        var sorted = Sort(Sort(rows, ratings.Seconds, shift: 0), ratings.Seconds, shift: 16);
        return DropDuplicates(sorted, ratings);
    }

    /// <summary>One stable pass of a radix sort over 16 bits of the time.</summary>
    private static int[] Sort(int[] rows, ReadOnlySpan<uint> seconds, int shift)
    {
        var places = new int[Digit];
        foreach (var second in seconds) places[second >> shift & Digit - 1]++;
        for (int digit = 0, place = 0; digit < Digit; digit++) (places[digit], place) = (place, place + places[digit]);
        var sorted = new int[rows.Length];
        foreach (var row in rows) sorted[places[seconds[row] >> shift & Digit - 1]++] = row;
        return sorted;
    }

    /// <summary>Equal facts have equal times, so they stand together.</summary>
    private static int[] DropDuplicates(int[] rows, RatingColumns ratings)
    {
        var users = ratings.Users;
        var movies = ratings.Movies;
        var halfStars = ratings.HalfStars;
        var seconds = ratings.Seconds;
        var seen = new HashSet<(int, int, byte)>();
        var kept = 0;
        for (int start = 0, end; start < rows.Length; start = end)
        {
            for (end = start + 1; end < rows.Length && seconds[rows[end]] == seconds[rows[start]]; end++) { }
            seen.Clear();
            for (var i = start; i < end; i++)
                if (end == start + 1 || seen.Add((users[rows[i]], movies[rows[i]], halfStars[rows[i]]))) rows[kept++] = rows[i];
        }
        return kept == rows.Length ? rows : rows[..kept];
    }
}
