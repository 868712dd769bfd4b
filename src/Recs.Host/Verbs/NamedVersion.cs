using Recs.Host.CommandLine;
using Recs.Training.Registry;

namespace Recs.Host.Verbs;

/// <summary>The version that a person means.</summary>
internal static class NamedVersion
{
    /// <summary>How a version may be named.</summary>
    public const string Description = "A version, such as popularity-v0.1; a model, for its newest version; or v0.1, if only one model has it.";

    /// <summary>Completes a name.</summary>
    /// <returns>The version's whole name; what is neither a model nor short comes back as it is.</returns>
    /// <exception cref="UsageException">The model was never trained, or the short name is that of none or of several versions.</exception>
    public static Task<string> FindAsync(ListModels models, string name, CancellationToken cancel) => Asked.ForAsync(models.MeantAsync(name, cancel));
}
