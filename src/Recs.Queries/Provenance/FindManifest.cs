using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Queries.Provenance;

/// <summary>Finds the training that made a model version, in the log itself.</summary>
public sealed class FindManifest(EventReader reader, EventTypes types)
{
    /// <summary>The training; null if the log holds none of this name.</summary>
    public async Task<ModelTrained?> FindAsync(string model, string version, CancellationToken cancel)
    {
        await foreach (var e in reader.ReadStreamAsync(StreamIds.Model(model), cancel: cancel))
            if (e.Type == EventAliases.ModelTrained && types.Decode(e) is ModelTrained manifest && manifest.Version == version)
                return manifest;
        return null;
    }
}
