using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Reporting;
using Recs.Training.Snapshots;

namespace Recs.Host.Evaluating;

/// <summary>
/// <c>recs evaluate --report</c>: every data set under every protocol, then the pages of the whole run. What was judged by the same code with the same seed and options
/// before it was stopped is not judged again.
/// </summary>
internal static class ReportRun
{
    /// <summary>Judges what is left to judge and writes the pages.</summary>
    /// <param name="terminal">Told how far it is.</param>
    /// <param name="folder">Folder of the pages.</param>
    /// <param name="datasets">Data sets, by name.</param>
    /// <param name="plans">One per protocol, alike in everything else.</param>
    /// <param name="cancel">Stops; finished reports stay.</param>
    /// <returns>The models that could not be fitted, with data set and protocol; empty if all could.</returns>
    /// <exception cref="UsageException">Two data sets have one name.</exception>
    public static async Task<IReadOnlyList<string>> DoAsync(
        Terminal terminal, string folder, IReadOnlyList<(string Name, InteractionSet Data)> datasets, IReadOnlyList<EvaluationPlan> plans, CancellationToken cancel)
    {
        if (datasets.GroupBy(d => d.Name).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new UsageException($"two data sets are named '{same.Key}', and a report names its data set: rename a folder.");
        var report = ReportFolder.Open(folder, ReportedRun.Of(plans[0], CodeRevision.Of(typeof(TrainingSide).Assembly)));
        if (report.Replaced is { Reports.Count: > 0 } other)
            terminal.Say($"{folder} holds {other.Reports.Count} reports of another run (code {other.Revision}); they are replaced, since figures of different runs never stand on one page");
        var left = datasets.SelectMany(d => plans.Select(plan => (d.Name, d.Data, Plan: plan))).Where(r => IsLeft(terminal, report, r.Name, r.Data, r.Plan, plans.Count > 1)).ToList();
        if (left.Count > 0)
            await terminal.WithFitProgressAsync("evaluating", progress => Task.Run(() => JudgeAll(report, left, tooSmallIsLeftOut: plans.Count > 1, progress, cancel), cancel));
        if (report.Reports.Count == 0)
            throw new UsageException($"there is nothing to report: {string.Join("; ", report.Run.LeftOut.Select(l => $"{l.Dataset}, {l.Protocol}: {l.Why}"))}.");
        var pages = report.WritePages(Recommenders.All);
        terminal.Say($"wrote {pages[0]} and {pages.Count - 1} model cards from {report.Reports.Count} reports");
        return [.. report.Reports.SelectMany(r => Standings.Failed(r).Select(failed => $"{failed.Model} ({r.Dataset.Name}, {ReportNames.Protocol(r)})"))];
    }

    private static bool IsLeft(Terminal terminal, ReportFolder report, string name, InteractionSet data, EvaluationPlan plan, bool unasked)
    {
        var ratings = data.RatingsOnly();
        var protocol = ReportNames.Protocol(plan.Protocol);
        if (unasked && plan.Protocol is Temporal && EvenTimes.Objection(ratings) is { } why)
        {
            report.LeaveOut(new(name, protocol, why));
            terminal.Say($"{name}, {protocol}: left out, since {why} ('--protocol {protocol}' runs it all the same)");
            return false;
        }

        if (report.Find(name, ratings.Sha256, plan.Protocol) is null)
            return true;
        terminal.Say($"{name}, {protocol}: judged before");
        return false;
    }

    private static int JudgeAll(
        ReportFolder report, List<(string Name, InteractionSet Data, EvaluationPlan Plan)> left, bool tooSmallIsLeftOut, IProgress<FitProgress>? progress, CancellationToken cancel)
    {
        for (var i = 0; i < left.Count; i++)
        {
            var (name, data, plan) = left[i];
            var part = progress is null ? null : new Part(progress, $"{name}, {ReportNames.Protocol(plan.Protocol)} ({i + 1} of {left.Count})", i, left.Count);
            try
            {
                report.Add(new EvaluateModels(TimeProvider.System).Run(name, data, plan, new(Progress: part, Cancel: cancel)));
            }
            catch (NothingToJudgeException e) when (tooSmallIsLeftOut)
            {
                report.LeaveOut(new(name, ReportNames.Protocol(plan.Protocol), e.Message.TrimEnd('.')));
            }
        }

        return left.Count;
    }

    /// <summary>Progress of one of several evaluations as progress of all of them.</summary>
    private sealed class Part(IProgress<FitProgress> all, string what, int place, int of) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => all.Report(value with { Phase = $"{what}, {value.Phase}", Fraction = (place + value.Fraction) / of });
    }
}
