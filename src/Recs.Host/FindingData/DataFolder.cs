namespace Recs.Host.FindingData;

/// <summary>The folder <c>data</c>, where data sets lie ready for use.</summary>
internal static class DataFolder
{
    /// <summary>The data set in <paramref name="folder"/>: a sub-folder that holds <c>ratings.dat</c> or <c>ratings.csv</c>, MovieLens 1M before others, then by name. Null for none.</summary>
    public static string? Find(string folder) => !Directory.Exists(folder)
        ? null
        : Directory.GetDirectories(folder)
            .Where(HoldsRatings)
            .OrderBy(path => Path.GetFileName(path) != GroupLensDownload.Name).ThenBy(path => path, StringComparer.Ordinal)
            .FirstOrDefault();

    private static bool HoldsRatings(string folder) => File.Exists(Path.Combine(folder, "ratings.dat")) || File.Exists(Path.Combine(folder, "ratings.csv"));
}
