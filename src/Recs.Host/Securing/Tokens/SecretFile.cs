using System.Buffers.Text;
using System.Security.Cryptography;

namespace Recs.Host.Securing.Tokens;

/// <summary>The secret of HS256 tokens in a file: its bytes without a line break at the end, at least 32 of them.</summary>
internal static class SecretFile
{
    /// <summary>Fewest bytes: the size of the digest, below which RFC 7518 (3.2) forbids HS256.</summary>
    public const int LeastBytes = 32;

    private const int MostBytes = 64 * 1024;

    /// <summary>Where the key of a home folder is that nobody configured.</summary>
    public static string OfHome(string home) => Path.Combine(Path.GetFullPath(home), "jwt-secret");

    /// <summary>Reads a secret.</summary>
    /// <exception cref="InvalidDataException">It is too short, or no secret but some large file.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[MostBytes + 1];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var secret = bytes.AsSpan(0, read).TrimEnd("\r\n"u8);
        return secret.Length is >= LeastBytes and <= MostBytes
            ? secret.ToArray()
            : throw new InvalidDataException($"The secret in '{path}' has {(read > MostBytes ? $"more than {MostBytes}" : $"{secret.Length}")} bytes; at least {LeastBytes} are needed. 'openssl rand -base64 48' makes a good one.");
    }

    /// <summary>Makes a secret of 32 random bytes, as text, that only its owner may read; leaves one that is there already.</summary>
    /// <returns>True if it was made.</returns>
    public static bool Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
            file.Write(Base64Url.EncodeToUtf8(RandomNumberGenerator.GetBytes(LeastBytes)));
        try
        {
            File.Move(draft, path, overwrite: false); // whole or not at all, whoever else makes one at this moment
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
            return false;
        }
    }
}
