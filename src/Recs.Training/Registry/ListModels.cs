using Recs.Contracts;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Training.Fitting;

namespace Recs.Training.Registry;

/// <summary>Reads the registry by folding the model streams.</summary>
public sealed class ListModels(EventReader reader, EventTypes types)
{
    /// <summary>One model.</summary>
    public Task<ModelVersions> OneAsync(string model, CancellationToken cancel = default)
        => reader.AggregateAsync(StreamIds.Model(model), ModelVersions.None, (state, e) => state.Apply(types.Decode(e), e.Version, e.Sequence), cancel: cancel);

    /// <summary>Every model that has been trained, by name.</summary>
    public async Task<IReadOnlyDictionary<string, ModelVersions>> AllAsync(CancellationToken cancel = default)
    {
        var models = new SortedDictionary<string, ModelVersions>(StringComparer.Ordinal);
        foreach (var recommender in Recommenders.All)
            if (await OneAsync(recommender.Name, cancel) is { StreamVersion: > 0 } versions)
                models[recommender.Name] = versions;
        return models;
    }

    /// <summary>A version.</summary>
    /// <exception cref="ArgumentException">There is none of this name; the message lists those of its model.</exception>
    public async Task<ModelVersion> VersionAsync(string version, CancellationToken cancel = default)
    {
        var (model, _) = ModelName.Parse(version);
        var versions = (await OneAsync(model, cancel)).Versions;
        return versions.FirstOrDefault(v => v.Trained.Version == version)
            ?? throw new ArgumentException(versions.Count == 0
                ? $"There is no version '{version}': model '{model}' was never trained."
                : $"There is no version '{version}'. Versions of '{model}': {string.Join(", ", versions.Select(v => v.Trained.Version))}.");
    }

    /// <summary>The version in production: the last promotion or roll-back over all models; null before the first.</summary>
    public async Task<ModelVersion?> ChampionAsync(CancellationToken cancel = default)
        => (await AllAsync(cancel)).Values.Where(m => m.InProduction is not null).MaxBy(m => m.PromotedAt) is { } model
            ? model.Versions.FirstOrDefault(v => v.Trained.Version == model.InProduction)
            : null;
}
