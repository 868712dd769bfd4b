namespace Recs.Commands.Importing;

/// <summary>
/// An input that can be read as often as need be: a file as it is; standard input, or a pipe that has a name, copied to a file first, because an input is read
/// once to know it and once more to take it.
/// </summary>
public sealed class SpooledInput : IDisposable
{
    /// <summary>What stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>How long a pipe may be without a writer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string? folder;

    private SpooledInput(string path, string? folder) => (Path, this.folder) = (path, folder);

    /// <summary>File or folder to read.</summary>
    public string Path { get; }

    /// <summary>Makes the input readable.</summary>
    /// <param name="path">File, folder, pipe, or <see cref="StandardInput"/>.</param>
    /// <param name="standardInput">Opens standard input.</param>
    /// <param name="spool">Folder for the copy, made if it is not there.</param>
    /// <param name="cancel">Stops copying.</param>
    /// <exception cref="ImportInputException">It is not there, or is a pipe that nobody writes to.</exception>
    public static Task<SpooledInput> OpenAsync(string path, Func<Stream> standardInput, string spool, CancellationToken cancel)
        => OpenAsync(path, standardInput, spool, Patience, cancel);

    internal static async Task<SpooledInput> OpenAsync(string path, Func<Stream> standardInput, string spool, TimeSpan patience, CancellationToken cancel)
    {
        if (path == StandardInput) return await CopyAsync(standardInput(), "stdin", spool, cancel);
        if (Directory.Exists(path)) return new(path, null);
        if (!File.Exists(path)) throw new ImportInputException($"{path}: there is no such file or folder.");
        var opened = await OpenAsync(path, patience, cancel);
        if (!opened.CanSeek) return await CopyAsync(opened, System.IO.Path.GetFileName(path), spool, cancel);
        await opened.DisposeAsync();
        return new(path, null);
    }

    /// <summary>Deletes the copy, if there is one.</summary>
    public void Dispose()
    {
        if (folder is not null) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Opening a pipe waits for its writer, and cannot be called off: the thread that waits is left behind.</summary>
    private static async Task<FileStream> OpenAsync(string path, TimeSpan patience, CancellationToken cancel)
    {
        try
        {
            return await Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), cancel).WaitAsync(patience, cancel);
        }
        catch (TimeoutException)
        {
            throw new ImportInputException($"{path}: is a pipe that nobody has written to for {patience.TotalSeconds:0.#} seconds. Start its writer first.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportInputException($"{path}: cannot be read: {e.Message}");
        }
    }

    private static async Task<SpooledInput> CopyAsync(Stream from, string name, string spool, CancellationToken cancel)
    {
        var folder = System.IO.Path.Combine(spool, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        var copied = new SpooledInput(System.IO.Path.Combine(folder, name), folder);
        try
        {
            await using (from)
            await using (var to = new FileStream(copied.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
                await from.CopyToAsync(to, 1 << 20, cancel);
            return copied;
        }
        catch
        {
            copied.Dispose();
            throw;
        }
    }
}
