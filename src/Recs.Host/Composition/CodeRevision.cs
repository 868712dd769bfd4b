using System.Reflection;

namespace Recs.Host.Composition;

/// <summary>The revision of the source that this program was built from.</summary>
internal static class CodeRevision
{
    /// <summary>The commit's hash, or the version where the build knew no commit.</summary>
    public static string Current { get; } = Read();

    private static string Read()
    {
        var version = typeof(CodeRevision).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return version.Split('+', 2)[^1];
    }
}
