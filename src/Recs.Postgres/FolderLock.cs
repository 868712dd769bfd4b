namespace Recs.Postgres;

/// <summary>
/// A lock between processes: an advisory lock on an open file, which the operating system drops when the holder ends, however it ends.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock alone, or returns null if anybody holds it.</summary>
    public static FolderLock? TryExclusive(string path) => TryOpen(path, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Takes the lock beside other sharers, or returns null if somebody holds it alone.</summary>
    public static FolderLock? TryShared(string path)
    {
        if (!File.Exists(path)) TryOpen(path, FileAccess.ReadWrite, FileShare.ReadWrite)?.Dispose();
        return TryOpen(path, FileAccess.Read, FileShare.Read);
    }

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="PostgresUnavailableException">Somebody held it for all of <paramref name="patience"/>.</exception>
    public static async Task<FolderLock> WaitExclusiveAsync(string path, TimeSpan patience, CancellationToken cancel)
    {
        for (var deadline = Deadline.In(patience); ;)
        {
            if (TryExclusive(path) is { } held) return held;
            if (deadline.HasPassed)
                throw new PostgresUnavailableException($"Another process has been starting or stopping this cluster for {patience.TotalSeconds:0} s ('{path}' is locked). End it, then try again.");
            await Deadline.PauseAsync(cancel);
        }
    }

    public void Dispose() => file.Dispose();

    private static FolderLock? TryOpen(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new(new FileStream(path, share == FileShare.Read ? FileMode.Open : FileMode.OpenOrCreate, access, share));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && File.Exists(path))
        {
            return null; // held by another process
        }
    }
}
