namespace Recs.Training.Exporting;

/// <summary>
/// The folder in which an export is written before it gets its name, held by a lock that ends with its process. What a killed export left is removed by the next one: whoever gets
/// its lock knows that nobody writes there any more.
/// </summary>
internal sealed class UnfinishedExport : IDisposable
{
    private const string Prefix = "tmp-", LockName = ".lock";

    /// <summary>So long after its last change a folder without a lock, or on a mount that knows no locks, counts as left behind.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);
    /// <summary>So long after its last change a folder is left alone although nobody holds its lock: its owner may be about to take it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private FileStream? _lock;

    /// <summary>Begins a folder.</summary>
    /// <param name="directory">Where exports are kept; made if it does not exist.</param>
    public UnfinishedExport(string directory)
    {
        Path = System.IO.Path.Combine(directory, Prefix + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path);
        _lock = Open(LockOf(Path), FileMode.CreateNew);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Gives the folder its name; its lock is left out.</summary>
    /// <param name="target">A path in the same file system.</param>
    /// <exception cref="IOException">There is something already.</exception>
    public void MoveTo(string target)
    {
        Release();
        File.Delete(LockOf(Path));
        Directory.Move(Path, target);
    }

    /// <summary>Removes what killed exports left.</summary>
    /// <param name="directory">Where exports are kept.</param>
    /// <param name="now">The present.</param>
    public void RemoveAbandoned(string directory, DateTimeOffset now)
    {
        var knowsLocks = IsHeld(LockOf(Path)); // by ourselves, unless the file system has no locks
        foreach (var folder in Directory.EnumerateDirectories(directory, Prefix + "*").Where(f => f != Path))
        {
            try
            {
                RemoveIfAbandoned(folder, knowsLocks, now);
            }
            catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                continue; // another export was quicker, or has just been given its name
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private static void RemoveIfAbandoned(string folder, bool knowsLocks, DateTimeOffset now)
    {
        var file = LockOf(folder);
        var tells = knowsLocks && File.Exists(file);
        var changed = Directory.EnumerateFiles(folder).Select(File.GetLastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(folder)).Max();
        if (now - changed > (tells ? Grace : Abandoned) && !(tells && IsHeld(file)))
            Directory.Delete(folder, recursive: true);
    }

    private void Release()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private static string LockOf(string folder) => System.IO.Path.Combine(folder, LockName);

    private static FileStream Open(string file, FileMode mode) => new(file, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    private static bool IsHeld(string file)
    {
        try
        {
            Open(file, FileMode.Open).Dispose();
            return false;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return true;
        }
    }
}
