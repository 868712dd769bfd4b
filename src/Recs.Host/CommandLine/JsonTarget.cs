namespace Recs.Host.CommandLine;

/// <summary>Where <c>--json</c> writes.</summary>
internal static class JsonTarget
{
    /// <summary>Makes sure, before any work is done, that the report can be written.</summary>
    /// <param name="target">A file, <c>-</c> for standard output, or null for nowhere.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static void Check(string? target)
    {
        if (target is not "-") OutputPath.CheckFile("--json", target);
    }
}
