using System.Text.RegularExpressions;

namespace Recs.Host.Configuring;

/// <summary>Hides passwords in what is shown.</summary>
internal static partial class Secret
{
    /// <summary>The text with the password of a URL or connection string replaced by stars.</summary>
    public static string Mask(string value) => InConnectionString().Replace(InUrl().Replace(value, "$1***$3"), "$1***");

    [GeneratedRegex(@"(://[^:/@]*:)([^@]*)(@)")]
    private static partial Regex InUrl();

    [GeneratedRegex(@"((?:password|pwd)\s*=\s*)('[^']*'|""[^""]*""|[^;]*)", RegexOptions.IgnoreCase)]
    private static partial Regex InConnectionString();
}
