namespace Recs.Host.CommandLine;

/// <summary>Where a verb writes: checked before any work is done, so that a bad path costs nothing and is told in one line.</summary>
internal static class OutputPath
{
    /// <summary>Makes sure that a file can be written; it is not made.</summary>
    /// <param name="option">Option that names it, such as <c>--out</c>.</param>
    /// <param name="file">A file; null for none.</param>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void CheckFile(string option, string? file)
    {
        if (file is null) return;
        if (Directory.Exists(file)) throw new UsageException($"{option} '{file}' is a folder, where a file is to be written.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
        if (!Directory.Exists(folder)) throw new UsageException($"{option} '{file}' cannot be written: {(File.Exists(folder) ? $"'{folder}' is a file, not a folder" : $"there is no folder '{folder}'")}.");
        try
        {
            var isThere = File.Exists(file);
            File.OpenWrite(file).Dispose();
            if (!isThere) File.Delete(file); // a verb that fails leaves no empty file
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{option} '{file}' cannot be written: {Why(e)}.", e);
        }
    }

    /// <summary>Makes sure that files can be written to a folder, or that the folder can be made; it is not made.</summary>
    /// <param name="option">Option that names it.</param>
    /// <param name="folder">A folder; null for none.</param>
    /// <exception cref="UsageException">They cannot.</exception>
    public static void CheckFolder(string option, string? folder)
    {
        if (folder is null) return;
        var there = Path.GetFullPath(folder);
        for (; !Directory.Exists(there); there = Path.GetDirectoryName(there) ?? "/")
            if (File.Exists(there)) throw new UsageException($"{option} '{folder}' cannot be a folder: '{there}' is a file.");
        try
        {
            new FileStream(Path.Combine(there, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} '{folder}' cannot be written to: {Why(e)}.", e);
        }
    }

    /// <summary>Why nothing can be written, without the words of the framework, which name paths and calls of its own.</summary>
    private static string Why(Exception e) => e is UnauthorizedAccessException ? "this account may not" : "its file system takes no file there";
}
