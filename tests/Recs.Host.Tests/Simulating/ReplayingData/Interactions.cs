using System.Globalization;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;

namespace Recs.Host.Tests.Simulating.ReplayingData;

/// <summary>A generated data set of ratings whose times often tie.</summary>
internal static class Interactions
{
    /// <summary>When it begins.</summary>
    public static readonly DateTimeOffset Begins = new(2015, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Writes it as a file of <c>user_id,movie_id,rating,timestamp</c>, not in the order of time.</summary>
    /// <param name="path">File.</param>
    /// <param name="rows">Ratings, each of another user or movie.</param>
    /// <param name="seconds">Time that they span.</param>
    public static void Write(string path, int rows, int seconds)
        => File.WriteAllLines(path, Enumerable.Range(0, rows).Select(i => (i * 7919) % rows).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"u{i % 20},m{i / 20 % 60},{1 + (i % 5)},{Begins.ToUnixTimeSeconds() + ((long)i * seconds / rows / 9 * 9)}")).Prepend("user_id,movie_id,rating,timestamp"));

    /// <summary>Reads a file.</summary>
    public static DataSet Read(string path) => DataSetReader.Read(path, DataSetFormat.Auto, new RejectCounts());
}
