using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.Training.Artifacts;

namespace Recs.Training.Registry;

/// <summary>Puts a version into production: appends <c>model_promoted</c>. Query nodes follow the log and swap without dropping a request.</summary>
public sealed class PromoteModel(ArtifactStore artifacts, ListModels models, EventAppender appender, EventTypes types, TimeProvider clock)
{
    /// <summary>Promotes a version.</summary>
    /// <param name="version">Such as <c>popularity-v0.1</c>.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancel">Stops before anything is appended.</param>
    /// <exception cref="ArgumentException">There is no such version, or no reason was given.</exception>
    /// <exception cref="DamagedArtifactException">The version's files are not what was written.</exception>
    /// <exception cref="ArtifactNotFoundException">The store does not have them.</exception>
    public async Task<ModelPromoted> RunAsync(string version, string by, string reason, CancellationToken cancel = default)
    {
        if (string.IsNullOrWhiteSpace(reason))
            throw new ArgumentException("A promotion needs a reason: the log keeps it.", nameof(reason));
        var found = await models.VersionAsync(version, cancel);
        artifacts.Verify(found.Trained.ContentHash); // a model that no node could open must not go into production
        var champion = await models.ChampionAsync(cancel);
        var promoted = new ModelPromoted(found.Trained.Model, version, champion?.Trained.Version, by, reason, clock.GetUtcNow());
        await appender.AppendAsync(AppendRequest.One(StreamIds.Model(found.Trained.Model), types.Encode(Guid.CreateVersion7(promoted.At), promoted)), cancel);
        return promoted;
    }
}
