namespace Recs.Host.CommandLine;

/// <summary>Where <c>--json</c> writes.</summary>
internal static class JsonTarget
{
    /// <summary>Makes sure, before any work is done, that the report can be written.</summary>
    /// <param name="target">A file, <c>-</c> for standard output, or null for nowhere.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static void Check(string? target)
    {
        if (target is null or "-") return;
        try
        {
            var isThere = File.Exists(target);
            File.OpenWrite(target).Dispose();
            if (!isThere) File.Delete(target); // a verb that fails leaves no empty report
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--json '{target}' cannot be written: {e.Message}", e);
        }
    }
}
