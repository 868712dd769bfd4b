namespace Recs.Commands.Importing.Formats;

/// <summary>Formats of data sets.</summary>
public enum DataSetFormat
{
    /// <summary>Found out from the files that are there.</summary>
    Auto,
    /// <summary>MovieLens 1M: <c>movies.dat</c>, <c>users.dat</c>, <c>ratings.dat</c>, fields parted by <c>::</c>, Latin-1.</summary>
    Ml1m,
    /// <summary>MovieLens latest, 25M, 32M: <c>movies.csv</c>, <c>ratings.csv</c>, UTF-8.</summary>
    MlCsv,
    /// <summary>MovieLens 100K: <c>u.item</c>, <c>u.user</c>, <c>u.data</c>, Latin-1.</summary>
    Ml100k,
    /// <summary>One CSV file <c>user_id,movie_id,rating,timestamp</c>, UTF-8, ids may be words, the header may be absent.</summary>
    Interactions,
    /// <summary>One file of lines of a movie service's log: watched minutes, ratings and slates.</summary>
    Movielog,
    /// <summary>One file of JSON objects, a line each: a catalogue of movies, or persons.</summary>
    JsonLines,
}

/// <summary>Names and recognition of formats.</summary>
public static class DataSetFormats
{
    private static readonly (DataSetFormat Format, string Name, string[] Files)[] Known =
    [
        (DataSetFormat.Ml1m, "ml-1m", ["movies.dat", "users.dat", "ratings.dat"]),
        (DataSetFormat.MlCsv, "ml-csv", ["movies.csv", "ratings.csv"]),
        (DataSetFormat.Ml100k, "ml-100k", ["u.item", "u.user", "u.data"]),
        (DataSetFormat.Interactions, "interactions", []),
        (DataSetFormat.Movielog, "movielog", []),
        (DataSetFormat.JsonLines, "json-lines", []),
    ];

    /// <summary>The name on the command line.</summary>
    public static string NameOf(DataSetFormat format) => format == DataSetFormat.Auto ? "auto" : Find(format).Name;

    /// <summary>The format of this name, or null.</summary>
    public static DataSetFormat? Find(string name) => Known.FirstOrDefault(k => k.Name == name) is { Name: not null } known ? known.Format : null;

    /// <summary>Files of a folder of this format, in the order in which they become events; none for a format that is one file.</summary>
    public static IReadOnlyList<string> FilesOf(DataSetFormat format) => Find(format).Files;

    /// <summary>Reads a name of the command line.</summary>
    /// <exception cref="ImportInputException">There is no such format.</exception>
    public static DataSetFormat Parse(string name) =>
        name == "auto" ? DataSetFormat.Auto
        : Known.FirstOrDefault(k => k.Name == name) is { Name: not null } known ? known.Format
        : throw new ImportInputException($"Unknown format '{name}'. Expected auto, {string.Join(", ", Known.Select(k => k.Name))}.");

    /// <summary>Finds out the format of a file or folder, or checks that it can be the one that was asked for.</summary>
    /// <exception cref="ImportInputException">It is not there, or a file is missing, or no format fits.</exception>
    public static DataSetFormat Recognise(string path, DataSetFormat asked)
    {
        if (File.Exists(path))
            return asked is DataSetFormat.Auto ? FirstLook.At(path)
                : FilesOf(asked).Count == 0 ? asked
                : throw new ImportInputException(
                    $"{path}: is a file, but format {NameOf(asked)} is a folder with {string.Join(", ", FilesOf(asked))}.");
        if (!Directory.Exists(path)) throw new ImportInputException($"{path}: there is no such file or folder.");
        if (asked == DataSetFormat.Movielog) throw new ImportInputException($"{path}: is a folder, but format movielog is one file of lines.");
        if (asked == DataSetFormat.Interactions)
            throw new ImportInputException($"{path}: is a folder, but format interactions is one file with user_id,movie_id,rating,timestamp.");
        if (asked == DataSetFormat.JsonLines) throw new ImportInputException($"{path}: is a folder, but format json-lines is one file with an object a line.");
        if (asked != DataSetFormat.Auto) return Complete(path, asked);
        foreach (var (format, _, files) in Known)
            if (files.Length > 0 && File.Exists(Path.Combine(path, files[^1]))) return Complete(path, format);
        var folders = Known.Where(k => k.Files.Length > 0).Select(k => $"{string.Join(", ", k.Files)} ({k.Name})");
        throw new ImportInputException(
            $"{path}: is no data set that Recs knows. Expected {string.Join("; or ", folders)}; or one file of interactions, movielog lines or JSON lines.");
    }

    private static DataSetFormat Complete(string path, DataSetFormat format)
    {
        var missing = FilesOf(format).Where(f => !File.Exists(Path.Combine(path, f))).ToList();
        if (missing.Count == 0) return format;
        throw new ImportInputException(
            $"{path}: {string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} missing; "
            + $"format {NameOf(format)} needs {string.Join(", ", FilesOf(format))}.");
    }

    private static (DataSetFormat Format, string Name, string[] Files) Find(DataSetFormat format) => Known.First(k => k.Format == format);
}
