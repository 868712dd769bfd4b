using System.Text.Unicode;

namespace Recs.Commands.Importing;

/// <summary>
/// Lines of a text file as bytes, without copying and in constant memory. Blank lines are not rows and are passed over; LF and CRLF both end a line.
/// </summary>
public sealed class LineReader : IDisposable
{
    /// <summary>Longest line in bytes; a longer one means that the file is not a text of rows.</summary>
    public const int MaxLineLength = 1 << 20;

    private readonly FileStream stream;
    private readonly bool utf8;
    private readonly byte[] buffer = new byte[2 * MaxLineLength];
    private int start;
    private int end;
    private bool ended;

    /// <summary>Opens a file.</summary>
    /// <param name="path">File.</param>
    /// <param name="utf8">Whether each line must be UTF-8; otherwise any bytes pass (Latin-1).</param>
    /// <exception cref="ImportInputException">The file cannot be opened or begins with the mark of UTF-16.</exception>
    public LineReader(string path, bool utf8)
    {
        this.utf8 = utf8;
        File = Path.GetFileName(path);
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            Fill();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportInputException($"{path}: cannot be read: {e.Message}");
        }
        if (buffer.AsSpan(0, end) is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new ImportInputException($"{File}: is UTF-16, expected UTF-8. Convert it, for instance with iconv.");
        if (buffer.AsSpan(0, end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) start = 3;
    }

    /// <summary>File name without its folder.</summary>
    public string File { get; }

    /// <summary>Number of the line that was read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The next line that is not blank, without its end; valid until the next call.</summary>
    /// <exception cref="ImportInputException">A line is too long or is not UTF-8.</exception>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (TryReadAny(out line))
            if (!line.IsEmpty)
            {
                if (utf8 && !Utf8.IsValid(line))
                    throw new ImportInputException($"{File}, line {Line}: is not UTF-8. Convert the file to UTF-8, for instance with iconv.");
                return true;
            }
        return false;
    }

    private bool TryReadAny(out ReadOnlySpan<byte> line)
    {
        int length;
        while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) < 0 && !ended) Fill();
        if (length < 0 && start == end)
        {
            line = default;
            return false;
        }
        Line++;
        line = buffer.AsSpan(start, length < 0 ? end - start : length);
        start = length < 0 ? end : start + length + 1;
        if (line is [.., (byte)'\r']) line = line[..^1];
        return true;
    }

    private void Fill()
    {
        if (end - start > MaxLineLength)
            throw new ImportInputException($"{File}, line {Line + 1}: is longer than {MaxLineLength:N0} bytes. This is not a text file of rows.");
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        var read = stream.Read(buffer, end, buffer.Length - end);
        ended = read == 0;
        end += read;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();
}
