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
        var rows = report.Rows.Where(r => r.Model == model).ToList();
        if (rows.Count == 0)
            throw new ArgumentException($"The report holds no figures of '{model}'.", nameof(report));
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var k = row.K.ToString(CultureInfo.InvariantCulture);
            metrics["hr@" + k] = row.Hr;
            metrics["ndcg@" + k] = row.Ndcg;
            if (row.Coverage is { } coverage)
                metrics["coverage@" + k] = coverage;
            if (row.Mrr is { } mrr)
                metrics["mrr"] = mrr;
        }

        var evaluated = new ModelEvaluated(model, version, report.Protocol, metrics, clock.GetUtcNow());
        await appender.AppendAsync(AppendRequest.One(StreamIds.Model(model), types.Encode(Guid.CreateVersion7(evaluated.At), evaluated)), cancel);
        return evaluated;
    }
}
