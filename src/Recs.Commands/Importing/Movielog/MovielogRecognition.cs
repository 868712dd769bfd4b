namespace Recs.Commands.Importing.Movielog;

/// <summary>Tells a movielog from other files.</summary>
internal static class MovielogRecognition
{
    private const int Lines = 20;

    private static readonly byte[][] Requests = [.. new[] { ",GET /data/m/", ",GET /rate/", ",recommendation request " }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>
    /// Whether one of the first lines is a record, or would be but for one field. A user id of letters is such a field where the line goes on as those of a movielog do:
    /// taken for something else, its rows would be rejected for reasons that help nobody.
    /// </summary>
    /// <exception cref="ImportInputException">The file cannot be read.</exception>
    public static bool IsMovielog(string path)
    {
        using var file = new MovielogFile(path);
        for (var i = 0; i < Lines && file.TryRead(out var text); i++)
            if (MovielogLine.Read(text, out _) switch
            {
                MovielogFault.BadUserId => IsRequest(text),
                MovielogFault.Truncated or MovielogFault.BadTimestamp or MovielogFault.UnknownForm or MovielogFault.NotUtf8 or MovielogFault.LineTooLong => false,
                _ => true,
            })
                return true;
        return false;
    }

    private static bool IsRequest(ReadOnlySpan<byte> text)
    {
        foreach (var request in Requests)
            if (text.IndexOf(request) >= 0)
                return true;
        return false;
    }
}
