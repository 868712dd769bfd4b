using System.Reflection;

namespace Recs.Training.Fitting;

/// <summary>The code that fits.</summary>
/// <param name="Revision">Commit, or <c>unknown</c>.</param>
/// <param name="Dirty">The work tree had uncommitted changes.</param>
public sealed record CodeRevision(string Revision, bool Dirty)
{
    /// <summary>Reads the revision from the informational version that the build stamped on an assembly, such as <c>0.1.0+4f2c... .dirty</c>.</summary>
    public static CodeRevision Of(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var metadata = version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus ? version[(plus + 1)..] : "";
        var revision = metadata.Split('.', '-')[0];
        return new(revision.Length == 0 ? "unknown" : revision, metadata.Contains("dirty", StringComparison.Ordinal));
    }
}
