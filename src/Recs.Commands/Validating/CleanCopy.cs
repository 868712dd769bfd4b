using System.Collections;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;

namespace Recs.Commands.Validating;

/// <summary>Writes the clean rows of an input in its own format: byte for byte, without the lines that were rejected or repeat an earlier one. Lines end in LF.</summary>
internal static class CleanCopy
{
    /// <summary>Writes the clean rows of a data set.</summary>
    /// <param name="path">File or folder that was read.</param>
    /// <param name="target">File or folder to write.</param>
    /// <param name="set">What was read.</param>
    /// <param name="order">Its ratings, each fact once.</param>
    /// <param name="unclean">Lines that are not clean; ratings that repeat an earlier one are added.</param>
    /// <exception cref="ImportInputException">The target is the input itself.</exception>
    public static void Write(string path, string target, DataSet set, int[] order, LineMarks unclean)
    {
        MustDiffer(path, target);
        var isFolder = Directory.Exists(path);
        if (isFolder) Directory.CreateDirectory(target);
        foreach (var rows in new[] { set.MoviesFile, set.UsersFile, set.RatingsFile }.OfType<FileRows>())
        {
            var kept = rows == set.RatingsFile ? Kept(set.Ratings.Count, order) : null;
            Write(isFolder ? Path.Combine(path, rows.Name) : path, isFolder ? Path.Combine(target, rows.Name) : target, rows.Header is not null, kept, unclean);
        }
    }

    /// <summary>Writes the lines of a file that are not marked.</summary>
    public static void Write(string path, string target, LineMarks unclean) => Write(path, target, hasHeader: false, null, unclean);

    /// <summary>Checks that nothing is written over what is read.</summary>
    /// <exception cref="ImportInputException">It would be.</exception>
    public static void MustDiffer(string path, string target)
    {
        if (Path.GetFullPath(target).TrimEnd(Path.DirectorySeparatorChar) == Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar))
            throw new ImportInputException($"{target}: is the input itself. Write the clean rows somewhere else.");
    }

    private static void Write(string path, string target, bool hasHeader, BitArray? kept, LineMarks unclean)
    {
        // Under another name until it is whole: a reader never finds half a file.
        var unfinished = target + ".part";
        using (var lines = new LineReader(path, utf8: false))
        using (var to = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            var row = 0;
            for (var first = true; lines.TryRead(out var line); first = false)
            {
                var isHeader = first && hasHeader;
                if (!isHeader && (unclean.Contains(lines.File, lines.Line) || (kept is not null && !kept[row++]))) continue;
                to.Write(line);
                to.WriteByte((byte)'\n');
            }
        }
        File.Move(unfinished, target, overwrite: true);
    }

    private static BitArray Kept(int rows, int[] order)
    {
        var kept = new BitArray(rows);
        foreach (var row in order) kept[row] = true;
        return kept;
    }
}
