namespace Recs.Commands.Importing.Movielog;

/// <summary>Tells a movielog from other files.</summary>
internal static class MovielogRecognition
{
    private const int Lines = 20;

    /// <summary>Whether one of the first lines is a record, or would be but for one field.</summary>
    /// <exception cref="ImportInputException">The file cannot be read.</exception>
    public static bool IsMovielog(string path)
    {
        using var file = new MovielogFile(path);
        for (var i = 0; i < Lines && file.TryRead(out var text); i++)
            if (MovielogLine.Read(text, out _) is not (MovielogFault.Truncated or MovielogFault.BadTimestamp or MovielogFault.BadUserId
                or MovielogFault.UnknownForm or MovielogFault.NotUtf8 or MovielogFault.LineTooLong))
                return true;
        return false;
    }
}
