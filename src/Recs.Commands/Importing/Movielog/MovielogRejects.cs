using System.Text;

namespace Recs.Commands.Importing.Movielog;

/// <summary>Faulty lines as rejects, for people.</summary>
public static class MovielogRejects
{
    private const int Quoted = 40;

    /// <summary>The reject of the line that was read last.</summary>
    /// <param name="file">Where it stands.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="text">The line.</param>
    /// <param name="found">The part that is wrong.</param>
    public static Reject Of(MovielogFile file, MovielogFault fault, ReadOnlySpan<byte> text, ReadOnlySpan<byte> found)
    {
        return new(file.Name, file.Line, fault.Reason(), Detail(fault, found), Printable(text, Reject.MaxRawLength));
    }

    /// <summary>What was found and what was expected, for a person.</summary>
    internal static string Detail(MovielogFault fault, ReadOnlySpan<byte> found)
    {
        var quote = found.Length > Quoted ? Printable(found[..Quoted], Quoted) + "..." : Printable(found, Quoted);
        return $"Found '{quote}': {fault.Expected()}.";
    }

    /// <summary>Counts the lines of a file and hands on the faulty ones; nothing is stored.</summary>
    /// <param name="path">File.</param>
    /// <param name="sink">Takes the faulty lines.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The file's rows; repeated ones are not looked for.</returns>
    /// <exception cref="ImportInputException">The file cannot be read.</exception>
    public static FileRows Find(string path, IRejectSink sink, CancellationToken cancel = default)
    {
        using var file = new MovielogFile(path);
        var (rows, rejects) = (0L, 0L);
        for (; file.TryRead(out var text); rows++)
        {
            var fault = MovielogLine.Read(text, out _, out var found);
            if (fault == MovielogFault.None) continue;
            if (rejects++ % 1000 == 0) cancel.ThrowIfCancellationRequested();
            sink.Add(Of(file, fault, text, found));
        }
        return new(file.Name, rows, 0, rejects);
    }

    private static string Printable(ReadOnlySpan<byte> text, int length)
    {
        var decoded = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * length)]);
        return (decoded.Length > length ? decoded[..length] : decoded).Replace('\0', '\uFFFD');
    }
}
