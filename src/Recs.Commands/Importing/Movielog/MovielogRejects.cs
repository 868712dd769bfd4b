using System.Text;

namespace Recs.Commands.Importing.Movielog;

/// <summary>Lines of a movielog that are not taken, as rejects.</summary>
internal static class MovielogRejects
{
    private const int Quoted = 40;

    /// <summary>Reads the line that a file gave last.</summary>
    /// <param name="file">Where it stands.</param>
    /// <param name="text">The line.</param>
    /// <param name="erased">People of whom nothing is taken.</param>
    /// <param name="line">The record; without meaning if it is rejected.</param>
    /// <param name="reject">Why it is not taken.</param>
    /// <returns>False if it is rejected.</returns>
    public static bool TryRead(MovielogFile file, ReadOnlySpan<byte> text, ErasedPeople erased, out MovielogLine line, out Reject reject)
    {
        var fault = MovielogLine.Read(text, out line, out var found);
        var taken = fault == MovielogFault.None && !erased.Contains(line.UserId);
        reject = taken ? default : fault != MovielogFault.None ? Of(file, fault, text, found) : Reject.Of(file.Name, file.Line, RejectReasons.Erased, ErasedPeople.Detail, text, Encoding.UTF8);
        return taken;
    }

    /// <summary>The reject of the line that a file gave last.</summary>
    /// <param name="file">Where it stands.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="text">The line.</param>
    /// <param name="found">The part that is wrong.</param>
    public static Reject Of(MovielogFile file, MovielogFault fault, ReadOnlySpan<byte> text, ReadOnlySpan<byte> found)
        => Reject.Of(file.Name, file.Line, fault.Reason(), Detail(fault, found), text, Encoding.UTF8);

    /// <summary>What was found and what was expected, for a person.</summary>
    public static string Detail(MovielogFault fault, ReadOnlySpan<byte> found)
        => $"Found '{RawText.Of(found, Encoding.UTF8, Quoted)}{(found.Length > Quoted ? "..." : "")}': {fault.Expected()}.";

    /// <summary>Hands on the lines of a file that are not taken; nothing is stored.</summary>
    /// <param name="path">File.</param>
    /// <param name="erased">People of whom nothing is taken.</param>
    /// <param name="sink">Takes the lines.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="ImportInputException">The file cannot be read.</exception>
    public static void Find(string path, ErasedPeople erased, IRejectSink sink, CancellationToken cancel)
    {
        using var file = new MovielogFile(path);
        for (var rejects = 0L; file.TryRead(out var text);)
        {
            if (TryRead(file, text, erased, out _, out var reject)) continue;
            if (rejects++ % 1000 == 0) cancel.ThrowIfCancellationRequested();
            sink.Add(reject);
        }
    }
}
