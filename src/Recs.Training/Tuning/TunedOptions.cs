using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Training.Fitting;

namespace Recs.Training.Tuning;

/// <summary>The values of a training's options, and where each came from.</summary>
/// <param name="Values">One per option.</param>
/// <param name="Sources">Per option <see cref="Given"/>, <see cref="BuiltIn"/> or the id of a tuning.</param>
public sealed record ChosenOptions(OptionValues Values, IReadOnlyDictionary<string, string> Sources)
{
    /// <summary>Whoever asked for the training said so.</summary>
    public const string Given = "given";
    /// <summary>Nobody said otherwise.</summary>
    public const string BuiltIn = "built-in";

    /// <summary>What <c>--defaults</c> calls the values that tunings chose.</summary>
    public const string Tuned = "tuned";

    /// <summary>What was given, else what was tuned last, else the built-in default.</summary>
    /// <param name="options">The recommender's options.</param>
    /// <param name="given">Invariant text by name.</param>
    /// <param name="tunings">Of this model, newest first. A value that the option may no longer have is passed over.</param>
    /// <exception cref="ArgumentException">What was given is unknown or out of range.</exception>
    public static ChosenOptions Of(IReadOnlyList<OptionDescription> options, IReadOnlyDictionary<string, string> given, IReadOnlyList<OptionsTuned> tunings)
    {
        var (values, sources) = (new Dictionary<string, string>(given, StringComparer.Ordinal), new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (var option in options)
        {
            sources[option.Name] = given.ContainsKey(option.Name) ? Given : BuiltIn;
            if (given.ContainsKey(option.Name))
                continue;
            var newest = tunings.FirstOrDefault(t => t.Options.TryGetValue(option.Name, out var text) && OptionValues.IsAllowed(option, text, out _));
            if (newest is not null)
                (values[option.Name], sources[option.Name]) = (newest.Options[option.Name], newest.TuningId);
        }

        return new(OptionValues.Parse(options, values), sources);
    }
}

/// <summary>Looks up in the log what tunings chose.</summary>
public sealed class TunedOptions(EventReader reader, EventTypes types)
{
    /// <summary>Every complete tuning of a model, newest first.</summary>
    public async Task<IReadOnlyList<OptionsTuned>> OfAsync(string model, CancellationToken cancel = default)
    {
        var tunings = new List<OptionsTuned>();
        await foreach (var e in reader.ReadNewestAsync(EventAliases.OptionsTuned, int.MaxValue, cancel))
            if (types.Decode(e) is OptionsTuned tuned && tuned.Model == model)
                tunings.Add(tuned);
        return tunings;
    }

    /// <summary>The options of a training.</summary>
    /// <param name="recommender">Kind of model.</param>
    /// <param name="given">What was said about them.</param>
    /// <param name="builtIn">Leave tunings aside.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ArgumentException">What was given is unknown or out of range.</exception>
    public async Task<ChosenOptions> ChooseAsync(IRecommender recommender, IReadOnlyDictionary<string, string> given, bool builtIn, CancellationToken cancel = default)
        => ChosenOptions.Of(recommender.Options, given, builtIn ? [] : [.. (await OfAsync(recommender.Name, cancel)).Where(tuned => IsOf(tuned, recommender))]);

    /// <summary>
    /// Whether a tuning judged the arithmetic that would be trained: what was best for another may be bad for this one. One from before tunings told the version is of this one if the
    /// same question asked today would have its id.
    /// </summary>
    internal static bool IsOf(OptionsTuned tuned, IRecommender recommender) => tuned.FormatVersion is { } version
        ? version == recommender.FormatVersion
        : new TuningPlan(recommender, TuningMetrics.Named(tuned.Metric), tuned.Trials, tuned.Seed).Id(tuned.DataSha256) == tuned.TuningId;
}
