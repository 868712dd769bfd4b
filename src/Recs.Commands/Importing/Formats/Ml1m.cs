namespace Recs.Commands.Importing.Formats;

/// <summary>MovieLens 1M: fields parted by <c>::</c>, Latin-1.</summary>
internal static class Ml1m
{
    public static void ReadMovies(ReadingFile file, MovieRows movies)
    {
        Span<Range> fields = stackalloc Range[3];
        while (file.TryRead(out var line))
            if (DelimitedLine.Cut(line, "::"u8, fields) != 3)
                file.Reject(line, RejectReasons.WrongFieldCount, "Expected id::title::genres.");
            else
                movies.Add(file, line, line[fields[0]], file.Decode(line[fields[1]]), file.Decode(line[fields[2]]).Split('|'));
    }

    public static void ReadUsers(ReadingFile file, UserRows users)
    {
        Span<Range> fields = stackalloc Range[5];
        while (file.TryRead(out var line))
            if (DelimitedLine.Cut(line, "::"u8, fields) != 5)
                file.Reject(line, RejectReasons.WrongFieldCount, "Expected id::gender::age::occupation::zip-code.");
            else
                users.Add(file, line, id: fields[0], genderAt: fields[1], ageAt: fields[2], occupationAt: fields[3], zipCodeAt: fields[4]);
    }

    public static void ReadRatings(ReadingFile file, RatingRows ratings)
    {
        Span<Range> fields = stackalloc Range[4];
        while (file.TryRead(out var line))
            if (DelimitedLine.Cut(line, "::"u8, fields) != 4)
                file.Reject(line, RejectReasons.WrongFieldCount, "Expected user::movie::rating::timestamp.");
            else
                ratings.Add(file, line, line[fields[0]], line[fields[1]], line[fields[2]], line[fields[3]]);
    }
}
