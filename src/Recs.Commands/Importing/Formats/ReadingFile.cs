using System.Text;

namespace Recs.Commands.Importing.Formats;

/// <summary>One file being read: counts its rows and rejects, and names the place of each reject.</summary>
internal sealed class ReadingFile(LineReader lines, Encoding encoding, IRejectSink sink) : IDisposable
{
    private long rows;
    private long duplicates;
    private long rejects;
    private string? header;

    public FileRows Counts => new(lines.File, rows, duplicates, rejects, header);

    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        if (!lines.TryRead(out line)) return false;
        rows++;
        return true;
    }

    /// <summary>The line that was read last is a header, not a row.</summary>
    public void WasHeader(ReadOnlySpan<byte> line)
    {
        rows--;
        header = Decode(line);
    }

    public void Duplicate()
    {
        duplicates++;
        sink.Repeated(lines.File, lines.Line);
    }

    public void Reject(ReadOnlySpan<byte> line, string reason, string detail)
    {
        rejects++;
        sink.Add(Importing.Reject.Of(lines.File, lines.Line, reason, detail, line, encoding));
    }

    public string Decode(ReadOnlySpan<byte> text) => encoding.GetString(text);

    /// <summary>A field for a message: decoded and cut.</summary>
    public string Quote(ReadOnlySpan<byte> text) => text.Length > 40 ? $"'{Printable(text[..40])}...'" : $"'{Printable(text)}'";

    private string Printable(ReadOnlySpan<byte> text) => RawText.Of(text, encoding, Importing.Reject.MaxRawLength);

    public void Dispose() => lines.Dispose();
}
