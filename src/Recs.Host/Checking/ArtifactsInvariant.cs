using Recs.Contracts.Registry;
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
        var trouble = versions.Select(v => (v.Version, Trouble: TroubleOf(v))).Where(v => v.Trouble is not null).ToList();
        if (trouble.Count > 0)
            return new(Name, false, $"{string.Join("; ", trouble.Select(v => $"{v.Version}: {v.Trouble}"))} Make them again: {string.Join(", ", trouble.Select(v => $"recs reproduce {v.Version}"))}.");
        return new(Name, true, $"{versions.Count} versions, every byte of their files as recorded");
    }

    private string? TroubleOf(ModelTrained version)
    {
        try
        {
            return artifacts.Verify(version.ContentHash).Files.SequenceEqual(version.Files) ? null : "the stored files are not those of its manifest.";
        }
        catch (Exception e) when (e is DamagedArtifactException or ArtifactNotFoundException)
        {
            return e.Message;
        }
    }
}
