using Recs.Host.CommandLine;
using Recs.Training.Fitting;
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
    public static async Task<string> FindAsync(ListModels models, string name, CancellationToken cancel)
    {
        if (Recommenders.All.Any(r => r.Name == name))
        {
            return (await models.OneAsync(name, cancel)).Versions is [.., var newest]
                ? newest.Trained.Version
                : throw new UsageException($"model '{name}' was never trained; 'recs train {name}' does.");
        }
        if (!name.StartsWith("v0.", StringComparison.Ordinal)) return name;
        var matches = (await models.AllAsync(cancel)).Values.SelectMany(m => m.Versions).Select(v => v.Trained.Version)
            .Where(v => v.EndsWith("-" + name, StringComparison.Ordinal)).ToList();
        return matches switch
        {
            [var only] => only,
            [] => throw new UsageException($"no model has a version '{name}'; 'recs models list' shows what there is."),
            _ => throw new UsageException($"'{name}' may be {string.Join(" or ", matches)}: write which."),
        };
    }
}
