using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Recs.Contracts.Recommendations;

namespace Recs.Queries.Provenance;

/// <summary>The code that serves here.</summary>
/// <param name="CodeRevision">Commit, or <c>unknown</c>.</param>
/// <param name="Dirty">The work tree had uncommitted changes.</param>
/// <param name="Branch">Branch that was built; null if nobody stamped one.</param>
/// <param name="ImageDigest">Digest of the container image; null outside one.</param>
public sealed record ServingBuild(string CodeRevision, bool Dirty, string? Branch, string? ImageDigest)
{
    /// <summary>Name of the assembly metadata that holds the branch.</summary>
    public const string BranchMetadata = "SourceBranch";

    /// <summary>What slates name it by: the first 8 hexadecimal digits of the sha256 of the four.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{CodeRevision}\n{Dirty}\n{Branch}\n{ImageDigest}")))[..8];

    /// <summary>Reads what the build stamped on an assembly.</summary>
    public static ServingBuild Of(Assembly assembly, string? imageDigest)
    {
        var code = Training.Fitting.CodeRevision.Of(assembly);
        var branch = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(m => m.Key == BranchMetadata)?.Value;
        return new(code.Revision, code.Dirty, branch is { Length: > 0 } ? branch : null, imageDigest is { Length: > 0 } ? imageDigest : null);
    }

    /// <summary>The event that tells it.</summary>
    public BuildDeployed Deployed(DateTimeOffset at) => new(Id, CodeRevision, Dirty, Branch, ImageDigest, at);
}
