namespace Recs.Commands.Batching;

/// <summary>Cuts a stream of bytes into lines as the bytes come in; it never holds more than the longest line that it may.</summary>
/// <param name="longest">Bytes that a line may have; of a longer one the rest is passed over.</param>
/// <param name="take">Gets each line without its line feed, which is empty where it was too long.</param>
internal sealed class LineSplitter(int longest, LineSplitter.Take take)
{
    private readonly byte[] _begun = new byte[longest];
    private int _length;
    private bool _open, _tooLong;

    /// <summary>Gets a line.</summary>
    public delegate void Take(ReadOnlySpan<byte> line, bool tooLong);

    /// <summary>The next bytes.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        for (int end; (end = bytes.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
        {
            if (!_open && end <= longest)
            {
                take(bytes[..end], false);
                continue;
            }
            Keep(bytes[..end]);
            Close();
        }
        if (bytes.Length > 0)
            Keep(bytes);
    }

    /// <summary>No more bytes: a last line without a line feed counts too.</summary>
    public void End()
    {
        if (_open)
            Close();
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        _open = true;
        _tooLong |= _length + part.Length > longest;
        if (_tooLong)
            return;
        part.CopyTo(_begun.AsSpan(_length));
        _length += part.Length;
    }

    private void Close()
    {
        take(_tooLong ? [] : _begun.AsSpan(0, _length), _tooLong);
        (_length, _open, _tooLong) = (0, false, false);
    }
}
