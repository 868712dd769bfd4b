using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.Training.Registry;

namespace Recs.Queries.Models;

/// <summary>The registry as the log tells it: every trained version, and what was put into production when. Folded by one follower, read by anyone.</summary>
public sealed class RegistryState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ModelTrained> _trained = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _newestOfModel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _promotedOfModel = new(StringComparer.Ordinal);
    private readonly List<string> _production = [];

    /// <summary>Aliases that it folds.</summary>
    public static readonly IReadOnlyList<string> Types = [EventAliases.ModelTrained, EventAliases.ModelPromoted, EventAliases.ModelRolledBack];

    /// <summary>Version that is in production, over all models; null before the first promotion.</summary>
    public string? Champion { get; private set; }

    /// <summary>Folds an event.</summary>
    /// <returns>Whether the champion changed.</returns>
    /// <exception cref="FormatException">The event names no model or version.</exception>
    public bool Apply(object body)
    {
        lock (_gate)
            switch (body)
            {
                case ModelTrained { Model: null or "" } or ModelTrained { Version: null or "" }:
                case ModelPromoted { Model: null or "" } or ModelPromoted { Version: null or "" }:
                case ModelRolledBack { Model: null or "" } or ModelRolledBack { Version: null or "" }:
                    throw new FormatException("the event names no model or version"); // a foreign writer's: the former champion stays
                case ModelTrained e:
                    _trained[e.Version] = e;
                    _newestOfModel[e.Model] = e.Version;
                    return false;
                case ModelPromoted e:
                    return Promote(e.Model, e.Version);
                case ModelRolledBack e:
                    return Promote(e.Model, e.Version);
                default:
                    return false;
            }
    }

    /// <summary>
    /// The training that <paramref name="name"/> stands for: a version, a model (its version in production, else its newest), or <c>v0.N</c> where one model alone
    /// has it; null for the champion.
    /// </summary>
    public ModelTrained? Find(string? name)
    {
        lock (_gate)
        {
            if ((name ?? Champion) is not { } wanted)
                return null;
            if (_promotedOfModel.TryGetValue(wanted, out var version) || _newestOfModel.TryGetValue(wanted, out version))
                wanted = version;
            return _trained.GetValueOrDefault(wanted) ?? (ModelName.IsShort(wanted) ? OnlyOne(wanted) : null);
        }
    }

    /// <summary>What was in production, each version once, the one of now first. A version without a training in the log is left out.</summary>
    public IReadOnlyList<ModelTrained> ProductionNewestFirst
    {
        get
        {
            lock (_gate)
                return [.. _production.AsEnumerable().Reverse().Where(_trained.ContainsKey).Select(version => _trained[version])];
        }
    }

    /// <summary>Models that have a version.</summary>
    public IReadOnlyList<string> ModelNames
    {
        get
        {
            lock (_gate)
                return [.. _newestOfModel.Keys.Order(StringComparer.Ordinal)];
        }
    }

    private ModelTrained? OnlyOne(string shortName)
    {
        var matches = _trained.Where(t => t.Key.EndsWith("-" + shortName, StringComparison.Ordinal)).Take(2).ToList();
        return matches is [var only] ? only.Value : null;
    }

    private bool Promote(string model, string version)
    {
        _promotedOfModel[model] = version;
        Champion = version;
        _production.Remove(version);
        _production.Add(version);
        return true;
    }
}
