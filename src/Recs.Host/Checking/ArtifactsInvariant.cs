using Recs.EventStore.Checking;
using Recs.Training.Artifacts;
using Recs.Training.Registry;

namespace Recs.Host.Checking;

/// <summary>Every trained version's files are in the artifact store, byte for byte as its manifest says.</summary>
internal sealed class ArtifactsInvariant(ListModels models, ArtifactStore artifacts) : IInvariant
{
    public string Name => "artifacts-whole";

    public async Task<Invariant> CheckAsync(CancellationToken cancel = default)
    {
        var versions = (await models.AllAsync(cancel)).Values.SelectMany(m => m.Versions).Select(v => v.Trained).ToList();
        foreach (var version in versions)
        {
            try
            {
                if (!artifacts.Verify(version.ContentHash).Files.SequenceEqual(version.Files))
                    return new(Name, false, $"{version.Version}: the stored files are not those of its manifest. 'recs reproduce {version.Version}' says more.");
            }
            catch (Exception e) when (e is DamagedArtifactException or ArtifactNotFoundException)
            {
                return new(Name, false, $"{version.Version}: {e.Message} 'recs reproduce {version.Version}' makes it again.");
            }
        }
        return new(Name, true, $"{versions.Count} versions, every byte of their files as recorded");
    }
}
