using System.Globalization;
using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.Training.Evaluating;

namespace Recs.Training.Registry;

/// <summary>Appends what an evaluation found about a version: <c>model_evaluated</c>.</summary>
public sealed class RecordEvaluation(ListModels models, EventAppender appender, EventTypes types, TimeProvider clock)
{
    /// <summary>Records the figures of the version's model, of every k.</summary>
    /// <exception cref="ArgumentException">There is no such version, or the report does not hold its model.</exception>
    public async Task<ModelEvaluated> RunAsync(string version, EvaluationReport report, CancellationToken cancel = default)
    {
        var model = (await models.VersionAsync(version, cancel)).Trained.Model;
        var rows = report.Rows.Where(r => r.Model == model && r.Failure is null).ToList();
        if (rows.Count == 0)
            throw new ArgumentException($"The report holds no figures of '{model}'.", nameof(report));
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var at = row.K is { } k ? "@" + k.ToString(CultureInfo.InvariantCulture) : "";
            foreach (var (metric, figure) in new[]
            {
                ("hr" + at, row.Hr), ("ndcg" + at, row.Ndcg), ("precision" + at, row.Precision), ("recall" + at, row.Recall), ("map" + at, row.Map), ("mrr", row.Mrr),
                ("coverage" + at, row.Coverage), ("gini" + at, row.Gini), ("novelty" + at, row.Novelty), ("diversity" + at, row.Diversity),
                ("popularity-bias" + at, row.PopularityBias), ("calibration" + at, row.Calibration), ("rmse", row.Rmse), ("mae", row.Mae),
            })
                if (figure is { } value)
                    metrics[metric] = value;
        }

        var evaluated = new ModelEvaluated(model, version, report.Folds == 1 ? report.Protocol : $"{report.Protocol}-{report.Folds}-fold", metrics, clock.GetUtcNow());
        await appender.AppendAsync(AppendRequest.One(StreamIds.Model(model), types.Encode(Guid.CreateVersion7(evaluated.At), evaluated)), cancel);
        return evaluated;
    }
}
