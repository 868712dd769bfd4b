using System.Collections;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Movielog;

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

    /// <summary>Writes the lines of a movielog that are not marked.</summary>
    public static void WriteMovielog(string path, string target, LineMarks unclean) => Whole(target, to =>
    {
        using var lines = new MovielogFile(path);
        while (lines.TryRead(out var line))
            if (!unclean.Contains(lines.Name, lines.Line)) Write(to, line);
    });

    /// <summary>Checks that nothing is written over what is read.</summary>
    /// <exception cref="ImportInputException">It would be.</exception>
    public static void MustDiffer(string path, string target)
    {
        if (Path.GetFullPath(target).TrimEnd(Path.DirectorySeparatorChar) == Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar))
            throw new ImportInputException($"{target}: is the input itself. Write the clean rows somewhere else.");
    }

    private static void Write(string path, string target, bool hasHeader, BitArray? kept, LineMarks unclean)
    {
        Whole(target, to =>
        {
            using var lines = new LineReader(path, utf8: false);
            var row = 0;
            for (var first = true; lines.TryRead(out var line); first = false)
            {
                var isHeader = first && hasHeader;
                if (isHeader || (!unclean.Contains(lines.File, lines.Line) && (kept is null || kept[row++]))) Write(to, line);
            }
        });
    }

    private static void Write(FileStream to, ReadOnlySpan<byte> line)
    {
        to.Write(line);
        to.WriteByte((byte)'\n');
    }

    /// <summary>Under another name until it is whole: a reader never finds half a file.</summary>
    private static void Whole(string target, Action<FileStream> write)
    {
        var unfinished = target + ".part";
        using (var to = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16)) write(to);
        File.Move(unfinished, target, overwrite: true);
    }

    private static BitArray Kept(int rows, int[] order)
    {
        var kept = new BitArray(rows);
        foreach (var row in order) kept[row] = true;
        return kept;
    }
}
