using System.Security.Cryptography;
using System.Text;

namespace Recs.Commands.Importing.Formats;

/// <summary>Reads a data set of any known format into memory, row by row, each malformed row rejected with its place and reason.</summary>
public static class DataSetReader
{
    /// <summary>Reads a folder or file.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="format">Its format, or <see cref="DataSetFormat.Auto"/>.</param>
    /// <param name="rejects">Takes the malformed rows.</param>
    /// <exception cref="ImportInputException">The input as a whole cannot be read.</exception>
    public static DataSet Read(string path, DataSetFormat format, IRejectSink rejects)
    {
        var known = DataSetFormats.Recognise(path, format);
        return known switch
        {
            DataSetFormat.Ml1m => Read(path, known, rejects, Encoding.Latin1, Ml1m.ReadMovies, Ml1m.ReadUsers, Ml1m.ReadRatings),
            DataSetFormat.Ml100k => Read(path, known, rejects, Encoding.Latin1, Ml100k.ReadMovies, Ml100k.ReadUsers, Ml100k.ReadRatings),
            DataSetFormat.MlCsv => Read(path, known, rejects, Encoding.UTF8, MlCsv.ReadMovies, null, MlCsv.ReadRatings),
            DataSetFormat.Movielog => throw new ImportInputException($"{path}: is a movielog, which is imported into a log before it can be used."),
            _ => Read(path, known, rejects, Encoding.UTF8, null, null, Csv.ReadInteractions),
        };
    }

    /// <summary>Digest of the content of a folder's or file's data files, lower-case hexadecimal.</summary>
    /// <exception cref="ImportInputException">The input as a whole cannot be read.</exception>
    public static string Digest(string path, DataSetFormat format)
    {
        var known = DataSetFormats.Recognise(path, format);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in FilesOf(path, known))
        {
            try
            {
                using var stream = File.OpenRead(file);
                digest.AppendData(SHA256.HashData(stream));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ImportInputException($"{file}: cannot be read: {e.Message}");
            }
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static DataSet Read(
        string path, DataSetFormat format, IRejectSink rejects, Encoding encoding,
        Action<ReadingFile, MovieRows>? readMovies, Action<ReadingFile, UserRows>? readUsers, Action<ReadingFile, RatingRows> readRatings)
    {
        var files = FilesOf(path, format);
        var (userIds, movieIds) = (new IdTable(), new IdTable());
        var (movies, users) = (new MovieRows(movieIds), new UserRows(userIds));
        var ratings = new RatingRows(userIds, movieIds, catalogued: readMovies is not null);
        var moviesFile = readMovies is null ? null : ReadFile(files[0], f => readMovies(f, movies));
        var usersFile = readUsers is null ? null : ReadFile(files[1], f => readUsers(f, users));
        var ratingsFile = ReadFile(files[^1], f => readRatings(f, ratings));
        return new(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), DataSetFormats.NameOf(format), Digest(path, format),
            movies.Rows, moviesFile, users.Rows, usersFile, userIds.Ids, movieIds.Ids, ratings.Columns, ratingsFile);

        FileRows ReadFile(string file, Action<ReadingFile> read)
        {
            using var reading = new ReadingFile(new LineReader(file, utf8: encoding == Encoding.UTF8), encoding, rejects);
            read(reading);
            return reading.Counts;
        }
    }

    private static string[] FilesOf(string path, DataSetFormat format)
        => DataSetFormats.FilesOf(format) is { Count: > 0 } names ? [.. names.Select(n => Path.Combine(path, n))] : [path];
}
