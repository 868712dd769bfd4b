using Recs.Contracts;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Training.Fitting;

namespace Recs.Training.Registry;

/// <summary>Reads the registry by folding the model streams: always what the log says now.</summary>
public sealed class ListModels(EventReader reader, EventTypes types)
{
    private static readonly string[] Streams = [.. Recommenders.All.Select(r => StreamIds.Model(r.Name))];

    /// <summary>One model.</summary>
    public Task<ModelVersions> OneAsync(string model, CancellationToken cancel = default)
        => reader.AggregateAsync(StreamIds.Model(model), ModelVersions.None, (state, e) => state.Apply(types.Decode(e), e.Version, e.Sequence), cancel: cancel);

    /// <summary>Every model that has a stream, by name.</summary>
    public async Task<IReadOnlyDictionary<string, ModelVersions>> AllAsync(CancellationToken cancel = default)
    {
        var models = new SortedDictionary<string, ModelVersions>(StringComparer.Ordinal);
        await foreach (var e in reader.ReadStreamsAsync(Streams, cancel))
        {
            var model = e.StreamId[StreamIds.Model("").Length..];
            models[model] = models.GetValueOrDefault(model, ModelVersions.None).Apply(types.Decode(e), e.Version, e.Sequence);
        }
        return models;
    }

    /// <summary>Everything that went into production, and what stands there now.</summary>
    /// <param name="throughSequence">Last log position to look at.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<ProductionHistory> ProductionAsync(long throughSequence = long.MaxValue, CancellationToken cancel = default)
    {
        var decisions = new List<(long Sequence, object Body)>();
        await foreach (var e in reader.ReadStreamsAsync(Streams, cancel))
            if (e.Type is EventAliases.ModelPromoted or EventAliases.ModelRolledBack && e.Sequence <= throughSequence)
                decisions.Add((e.Sequence, types.Decode(e)));
        return decisions.OrderBy(d => d.Sequence).Aggregate(ProductionHistory.None, (history, d) => history.Apply(d.Body, d.Sequence));
    }

    /// <summary>A version.</summary>
    /// <exception cref="UnknownVersionException">There is none of this name; the message lists those of its model.</exception>
    public async Task<ModelVersion> VersionAsync(string version, CancellationToken cancel = default)
    {
        var (model, _) = ModelName.Parse(version);
        var versions = (await OneAsync(model, cancel)).Versions;
        return versions.FirstOrDefault(v => v.Trained.Version == version)
            ?? throw new UnknownVersionException(versions.Count == 0
                ? $"There is no version '{version}': model '{model}' was never trained."
                : $"There is no version '{version}'. Versions of '{model}': {string.Join(", ", versions.Select(v => v.Trained.Version))}.");
    }

    /// <summary>The whole name of the version that a person means: a whole name as it is, a model's newest version, or <c>v0.N</c> if one model alone has it.</summary>
    /// <exception cref="UnknownVersionException">The model was never trained, no model has the version, or it is neither.</exception>
    /// <exception cref="AmbiguousVersionException">Several models have it.</exception>
    public async Task<string> MeantAsync(string name, CancellationToken cancel = default)
    {
        if (Recommenders.All.Any(r => r.Name == name))
            return (await OneAsync(name, cancel)).Versions is [.., var newest]
                ? newest.Trained.Version
                : throw new UnknownVersionException($"Model '{name}' was never trained; 'recs train {name}' does.");
        if (ModelName.IsWhole(name))
            return name;
        if (!ModelName.IsShort(name))
            throw new UnknownVersionException(await NeitherAsync(name, cancel));
        var matches = (await AllAsync(cancel)).Values.SelectMany(m => m.Versions).Select(v => v.Trained.Version).Where(v => v.EndsWith("-" + name, StringComparison.Ordinal)).ToList();
        return matches switch
        {
            [var only] => only,
            [] => throw new UnknownVersionException($"No model has a version '{name}'; 'recs models list' shows what there is."),
            _ => throw new AmbiguousVersionException(name, matches),
        };
    }

    private async Task<string> NeitherAsync(string name, CancellationToken cancel)
        => $"'{name}' is neither a version, such as 'popularity-v0.1', nor a model. " + ((await AllAsync(cancel)).Where(m => m.Value.Versions.Count > 0).Select(m => m.Key).ToList() switch
        {
            [] => "Nothing was trained yet; 'recs train all' does.",
            var trained => $"Models with a version: {string.Join(", ", trained)}; 'recs models list' shows their versions.",
        });

    /// <summary>The version in production: the last promotion or roll-back over all models; null before the first.</summary>
    public async Task<ModelVersion?> ChampionAsync(CancellationToken cancel = default)
        => (await AllAsync(cancel)).Values.Where(m => m.InProduction is not null).MaxBy(m => m.PromotedAt) is { } model
            ? model.Versions.FirstOrDefault(v => v.Trained.Version == model.InProduction)
            : null;
}
