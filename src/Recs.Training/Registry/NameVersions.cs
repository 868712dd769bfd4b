using Recs.Training.Artifacts;

namespace Recs.Training.Registry;

/// <summary>
/// Writes the names of versions into the artifact store where they are missing: the process that recorded a version may have died before it named it, or the
/// store may have been emptied and filled again. The log decides, the names only tell.
/// </summary>
public sealed class NameVersions(ArtifactStore artifacts, ListModels models)
{
    /// <summary>Names every version whose files the store has.</summary>
    public async Task RunAsync(CancellationToken cancel = default)
    {
        foreach (var version in (await models.AllAsync(cancel)).Values.SelectMany(m => m.Versions))
            if (artifacts.Contains(version.Trained.ContentHash) && !artifacts.IsNamed(version.Trained))
                artifacts.Name(version.Trained);
        await artifacts.NameProductionAsync(models, cancel);
    }
}
