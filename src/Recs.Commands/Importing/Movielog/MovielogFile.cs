namespace Recs.Commands.Importing.Movielog;

/// <summary>
/// Lines of a file of any size in constant memory, from any place on. Nothing in it is fatal: of a line without end only its beginning is kept. Blank lines are
/// passed over; LF and CRLF both end a line.
/// </summary>
public sealed class MovielogFile : IDisposable
{
    /// <summary>What is kept of a line: enough to see that it is longer than lines may be.</summary>
    private const int Kept = MovielogLine.MaxLength + 1;

    private readonly FileStream _stream;
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly byte[] _beginning = new byte[Kept];
    private long _bufferAt;
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Opens a file at its beginning.</summary>
    /// <exception cref="ImportInputException">It cannot be opened, or begins with the mark of UTF-16.</exception>
    public MovielogFile(string path)
    {
        Name = Path.GetFileName(path);
        try
        {
            _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            Length = _stream.Length;
            Fill();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportInputException($"{path}: cannot be read: {e.Message}");
        }
        if (_buffer.AsSpan(0, _end) is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new ImportInputException($"{Name}: is UTF-16, expected UTF-8. Convert it, for instance with iconv.");
        SkipMark();
    }

    /// <summary>File name without its folder.</summary>
    public string Name { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Where the next line begins, in bytes.</summary>
    public long Position => _bufferAt + _start;

    /// <summary>Number of the line that was read last, from 1, blank ones counted; 0 at the beginning.</summary>
    public long Line { get; private set; }

    /// <summary>Goes to the beginning of a line.</summary>
    /// <param name="position">0, or a former <see cref="Position"/>.</param>
    /// <param name="line">The former <see cref="Line"/> that belongs to it.</param>
    public void Seek(long position, long line)
    {
        Line = line;
        if (position == Position) return;
        _stream.Position = position;
        (_bufferAt, _start, _end, _ended) = (position, 0, 0, false);
        Fill();
        if (position == 0) SkipMark();
    }

    /// <summary>The next line that is not blank, without its end; valid until the next call. Of a line that is too long, its beginning.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        while (TryReadAny(out line))
            if (!line.IsEmpty) return true;
        return false;
    }

    private bool TryReadAny(out ReadOnlySpan<byte> line)
    {
        var (searched, kept) = (0, 0);
        int length;
        while ((length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n')) < 0 && !_ended)
        {
            searched = _end - _start;
            if (searched >= Kept)
            {
                if (kept == 0) _buffer.AsSpan(_start, kept = Kept).CopyTo(_beginning);
                _start = _end;
                searched = 0;
            }
            Fill();
        }
        if (length < 0 && _start == _end && kept == 0)
        {
            line = default;
            return false;
        }
        Line++;
        length = length < 0 ? _end - _start : searched + length;
        line = kept > 0 ? _beginning : _buffer.AsSpan(_start, length);
        _start = Math.Min(_start + length + 1, _end);
        if (kept == 0 && line is [.., (byte)'\r']) line = line[..^1];
        return true;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_bufferAt, _start, _end) = (_bufferAt + _start, 0, _end - _start);
        // What a running service appends meanwhile belongs to the next import.
        var read = _stream.Read(_buffer, _end, (int)Math.Min(_buffer.Length - _end, Length - _bufferAt - _end));
        _ended = read == 0;
        _end += read;
    }

    private void SkipMark()
    {
        if (_buffer.AsSpan(0, _end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) _start = 3;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
