using System.Globalization;
using Recs.Training.Fitting;

namespace Recs.Host.Verbs;

/// <summary>A model's options as the help shows them.</summary>
internal static class ModelOptions
{
    /// <summary>What each option does, its default and its range; or how to ask for that, if no model is named.</summary>
    public static IEnumerable<string> Lines(string? model)
    {
        if (Recommenders.All.FirstOrDefault(r => r.Name == model) is not { } recommender)
            return ["'recs train MODEL --help' lists the options of a model.", ""];
        if (recommender.Options.Count == 0)
            return [$"{recommender.Name} has no options.", ""];
        var width = recommender.Options.Max(o => o.Name.Length);
        return
        [
            $"Options of {recommender.Name} (--set NAME=VALUE):",
            .. recommender.Options.Select(o => string.Create(
                CultureInfo.InvariantCulture, $"  {o.Name.PadRight(width)}  {o.Meaning} [default: {o.Default}; {(o.Whole ? "whole, " : "")}{o.Minimum} to {o.Maximum}]")),
            "",
        ];
    }
}
