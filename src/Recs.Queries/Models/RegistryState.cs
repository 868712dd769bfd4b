using System.Collections.Immutable;
using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.Training.Registry;

namespace Recs.Queries.Models;

/// <summary>The registry as the log tells it through some position: every trained version, and what was put into production when. It never changes: events make new ones.</summary>
public sealed record RegistryState
{
    private ImmutableDictionary<string, ModelTrained> Trained { get; init; } = ImmutableDictionary.Create<string, ModelTrained>(StringComparer.Ordinal);
    private ImmutableDictionary<string, string> NewestOfModel { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);
    private ImmutableDictionary<string, string> PromotedOfModel { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    private RegistryState()
    {
    }

    /// <summary>Before the first training.</summary>
    public static RegistryState Empty { get; } = new();

    /// <summary>Aliases that it folds.</summary>
    public static readonly IReadOnlyList<string> Types = [EventAliases.ModelTrained, EventAliases.ModelPromoted, EventAliases.ModelRolledBack];

    /// <summary>What was in production, each version once, the one of now last. Another list after every promotion.</summary>
    internal ImmutableList<string> Production { get; private init; } = [];

    /// <summary>Version that is in production, over all models; null before the first promotion.</summary>
    public string? Champion => Production.IsEmpty ? null : Production[^1];

    /// <summary>What an event makes of it.</summary>
    /// <exception cref="FormatException">The event names no model or version.</exception>
    public RegistryState With(object body) => body switch
    {
        ModelTrained { Model: null or "" } or ModelTrained { Version: null or "" }
            or ModelPromoted { Model: null or "" } or ModelPromoted { Version: null or "" }
            or ModelRolledBack { Model: null or "" } or ModelRolledBack { Version: null or "" }
            => throw new FormatException("the event names no model or version"), // a foreign writer's: the former champion stays
        ModelTrained e => this with { Trained = Trained.SetItem(e.Version, e), NewestOfModel = NewestOfModel.SetItem(e.Model, e.Version) },
        ModelPromoted e => Promote(e.Model, e.Version),
        ModelRolledBack e => Promote(e.Model, e.Version),
        _ => this,
    };

    /// <summary>
    /// The training that <paramref name="name"/> stands for: a version, a model (its version in production, else its newest), or <c>v0.N</c> where one model alone
    /// has it; null for the champion.
    /// </summary>
    public ModelTrained? Find(string? name)
    {
        if ((name ?? Champion) is not { } wanted)
            return null;
        if (PromotedOfModel.TryGetValue(wanted, out var version) || NewestOfModel.TryGetValue(wanted, out version))
            wanted = version;
        return Trained.GetValueOrDefault(wanted) ?? (ModelName.IsShort(wanted) ? OnlyOne(wanted) : null);
    }

    /// <summary>Whether anybody may ask for a version by name: it is the newest of its model, or it is or was in production.</summary>
    public bool Offers(ModelTrained manifest) => NewestOfModel.GetValueOrDefault(manifest.Model) == manifest.Version || Production.Contains(manifest.Version);

    /// <summary>What was in production, each version once, the one of now first. A version without a training in the log is left out.</summary>
    public IReadOnlyList<ModelTrained> ProductionNewestFirst => [.. Production.Reverse().Where(Trained.ContainsKey).Select(version => Trained[version])];

    /// <summary>Models that have a version.</summary>
    public IReadOnlyList<string> ModelNames => [.. NewestOfModel.Keys.Order(StringComparer.Ordinal)];

    private ModelTrained? OnlyOne(string shortName)
    {
        var matches = Trained.Where(t => t.Key.EndsWith("-" + shortName, StringComparison.Ordinal)).Take(2).ToList();
        return matches is [var only] ? only.Value : null;
    }

    private RegistryState Promote(string model, string version)
        => this with { PromotedOfModel = PromotedOfModel.SetItem(model, version), Production = Production.Remove(version).Add(version) };
}
