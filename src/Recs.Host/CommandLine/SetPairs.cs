using Recs.Training.Fitting;

namespace Recs.Host.CommandLine;

/// <summary>What <c>--set</c> gives: hyper-parameters, each once.</summary>
internal static class SetPairs
{
    /// <summary>Reads what was given.</summary>
    /// <param name="given">Texts such as <c>ridge=300</c>.</param>
    /// <param name="form">What they should look like, for the error.</param>
    /// <returns>Value by name.</returns>
    /// <exception cref="UsageException">One is not of the form, or a name is given twice.</exception>
    public static Dictionary<string, string> Read(string[]? given, string form)
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given ?? [])
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } value])
                throw new UsageException($"--set '{text}' is not {form}.");
            if (!set.TryAdd(name, value))
                throw new UsageException($"--set gives {name} twice, {set[name]} and {value}: give it once.");
        }

        return set;
    }

    /// <summary>Checks that every model has the options and allows the values.</summary>
    /// <exception cref="UsageException">It does not; the message says which models have the option, or what it may be.</exception>
    public static void Check(IReadOnlyList<IRecommender> models, IReadOnlyDictionary<string, string> set)
    {
        foreach (var name in set.Keys)
            if (models.FirstOrDefault(m => !Has(m, name)) is { } without)
                throw new UsageException(models.Count > 1 ? Unknown(name, "not every model has this option") : Unknown(name, $"{without.Name} has no such option ({Names(without)})"));
        foreach (var model in models)
            Asked.For(() => OptionValues.Parse(model.Options, set));
    }

    private static string Unknown(string name, string why) => Recommenders.All.Where(m => Has(m, name)).Select(m => m.Name).ToList() switch
    {
        [] => $"--set {name}: {why}; no model has it.",
        [var only] => $"--set {name}: {why}; {only} has it.",
        var several => $"--set {name}: {why}; {string.Join(", ", several)} have it.",
    };

    private static string Names(IRecommender model) => model.Options.Count == 0 ? "it has none" : "its options: " + string.Join(", ", model.Options.Select(o => o.Name));

    private static bool Has(IRecommender model, string option) => model.Options.Any(o => o.Name == option);
}
