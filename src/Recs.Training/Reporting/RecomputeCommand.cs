using System.Globalization;
using Recs.Training.Evaluating;
using Recs.Training.Fitting;

namespace Recs.Training.Reporting;

/// <summary>The command lines that compute the figures again, for a clone whose folder <c>data</c> holds the data sets.</summary>
internal static class RecomputeCommand
{
    /// <summary>Everything on the pages.</summary>
    public static string OfAll(ReportedRun run, IReadOnlyList<EvaluationReport> reports)
    {
        var data = string.Concat(reports.Select(r => r.Dataset.Name).Distinct().Select(name => $" --data data/{name}"));
        var protocols = reports.Select(r => r.Protocol).Distinct().ToList();
        var folds = reports.Max(r => r.Folds);
        return "./recs evaluate" + data + $" --protocol {(protocols is [var one] ? one : "all")}" + Number("--folds", folds, 1) + Shared(run, run.Models, rerank: true) + " --report docs";
    }

    /// <summary>One report, of all models or of one.</summary>
    public static string Of(ReportedRun run, EvaluationReport report, string? model = null)
        => $"./recs evaluate --data data/{report.Dataset.Name} --protocol {report.Protocol}" + Number("--folds", report.Folds, 1)
            + Shared(run, [.. run.Models.Where(m => model is null || m.Name == model)], rerank: report.Protocol != "random") + " --json -";

    private static string Shared(ReportedRun run, IReadOnlyList<ReportedModel> models, bool rerank)
    {
        var all = models.Select(m => m.Name).SequenceEqual(Recommenders.All.Select(r => r.Name)) ? "all" : string.Join(',', models.Select(m => m.Name));
        var reranked = rerank ? run.Rerank.Where(r => models.Any(m => RerankedModel.Parse(r).Covers(m.Name))).ToList() : [];
        return $" --models {all} --k {string.Join(',', run.Ks)}"
            + string.Concat(models.SelectMany(Altered))
            + string.Create(CultureInfo.InvariantCulture, $" --seed {run.Seed}")
            + (run.Ties == "file" ? "" : $" --ties {run.Ties}")
            + (reranked.Count > 0 ? $" --rerank {string.Join(',', reranked)}" : "")
            + Number("--parallel", run.Parallel, 1)
            + (run.Twice ? " --twice" : "");
    }

    private static IEnumerable<string> Altered(ReportedModel model)
    {
        if (Recommenders.All.FirstOrDefault(r => r.Name == model.Name) is not { } recommender)
            return [];
        var defaults = OptionValues.Parse(recommender.Options).ToText();
        return model.Options.Where(o => defaults.GetValueOrDefault(o.Key) != o.Value).Select(o => $" --set {model.Name}.{o.Key}={o.Value}");
    }

    private static string Number(string option, int value, int unsaid) => value == unsaid ? "" : string.Create(CultureInfo.InvariantCulture, $" {option} {value}");
}
