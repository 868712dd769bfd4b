namespace Recs.Commands.Importing.Formats;

/// <summary>MovieLens 100K: <c>u.item</c> and <c>u.user</c> parted by <c>|</c>, <c>u.data</c> by tabs, Latin-1.</summary>
internal static class Ml100k
{
    /// <summary>Genres in the order of the flags of <c>u.item</c>; the first flag means that none is known.</summary>
    private static readonly string[] Genres =
    [
        "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror",
        "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    public static void ReadMovies(ReadingFile file, MovieRows movies)
    {
        const int before = 5;
        Span<Range> fields = stackalloc Range[before + Genres.Length];
        while (file.TryRead(out var line))
            if (DelimitedLine.Cut(line, "|"u8, fields) != fields.Length)
                file.Reject(line, RejectReasons.WrongFieldCount, "Expected id|title|release date|video date|address and 19 genre flags.");
            else
                movies.Add(file, line, line[fields[0]], file.Decode(line[fields[1]]), ReadGenres(line, fields[before..]));
    }

    public static void ReadUsers(ReadingFile file, UserRows users)
    {
        Span<Range> fields = stackalloc Range[5];
        while (file.TryRead(out var line))
            if (DelimitedLine.Cut(line, "|"u8, fields) != 5)
                file.Reject(line, RejectReasons.WrongFieldCount, "Expected id|age|gender|occupation|zip code.");
            else
                users.Add(file, line, id: fields[0], ageAt: fields[1], genderAt: fields[2], occupationAt: fields[3], zipCodeAt: fields[4]);
    }

    public static void ReadRatings(ReadingFile file, RatingRows ratings)
    {
        Span<Range> fields = stackalloc Range[4];
        while (file.TryRead(out var line))
            if (DelimitedLine.Cut(line, "\t"u8, fields) != 4)
                file.Reject(line, RejectReasons.WrongFieldCount, "Expected user, movie, rating and timestamp, parted by tabs.");
            else
                ratings.Add(file, line, line[fields[0]], line[fields[1]], line[fields[2]], line[fields[3]]);
    }

    private static List<string>? ReadGenres(ReadOnlySpan<byte> line, ReadOnlySpan<Range> flags)
    {
        var genres = new List<string>();
        for (var i = 0; i < flags.Length; i++)
        {
            if (line[flags[i]] is not [(byte)'0' or (byte)'1']) return null;
            if (i > 0 && line[flags[i]][0] == '1') genres.Add(Genres[i]);
        }
        return genres;
    }
}
