using Recs.Commands.Importing.Movielog;

namespace Recs.Commands.Importing.Formats;

/// <summary>Tells the formats that are one file from each other by their first bytes.</summary>
internal static class FirstLook
{
    private const int Bytes = 4096;

    /// <summary>The format that the file seems to have.</summary>
    /// <exception cref="ImportInputException">The file cannot be read.</exception>
    public static DataSetFormat At(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var bytes = new byte[Bytes];
            if (IsJson(bytes.AsSpan(0, stream.ReadAtLeast(bytes, Bytes, throwOnEndOfStream: false)))) return DataSetFormat.JsonLines;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportInputException($"{path}: cannot be read: {e.Message}");
        }
        return MovielogRecognition.IsMovielog(path) ? DataSetFormat.Movielog : DataSetFormat.Interactions;
    }

    private static bool IsJson(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) start = start[3..];
        return start.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
    }
}
