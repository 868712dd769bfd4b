using Recs.Contracts.Registry;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Tuning;

/// <summary>What a tuning found so far.</summary>
/// <param name="TuningId">The tuning.</param>
/// <param name="Model">Model name.</param>
/// <param name="Metric"><c>ndcg@10</c> or <c>rmse</c>.</param>
/// <param name="Planned">Judgements over all rungs, at most.</param>
/// <param name="Trials">Those that are done.</param>
/// <param name="Tuned">The choice; null as long as some are to be done.</param>
public sealed record TuningReport(string TuningId, string Model, string Metric, int Planned, IReadOnlyList<TuningTrialEnded> Trials, OptionsTuned? Tuned)
{
    /// <summary>What takes weight from the choice, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>
/// Chooses hyper-parameters on validation data: random search and successive halving. What models are judged by in the end is cut away before anything else. The same
/// data, plan and seed give the same trials, figures and choice, however often it is stopped in between and on any number of threads; the budget only bounds when a trial begins.
/// </summary>
/// <param name="clock">Measures trials and the budget.</param>
public sealed class TuneOptions(TimeProvider clock)
{
    /// <summary>Tunes, or goes on.</summary>
    /// <param name="name">The snapshot's id, or the data set's name.</param>
    /// <param name="data">The whole data set.</param>
    /// <param name="plan">What to tune.</param>
    /// <param name="log">Keeps every trial.</param>
    /// <param name="run">Threads, progress, cancellation.</param>
    /// <exception cref="NothingToJudgeException">The data set is too small.</exception>
    /// <exception cref="InvalidDataException">No trial could be fitted on everybody.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the trials that had ended are kept.</exception>
    public async Task<TuningReport> RunAsync(string name, InteractionSet data, TuningPlan plan, ITuningLog log, FitRun run)
    {
        var started = clock.GetTimestamp();
        var seen = TuningData.Of(data, plan.Metric, plan.Seed);
        var (sha256, halving) = (seen.Sha256(), new SuccessiveHalving(plan.Trials));
        var id = plan.Id(sha256);
        var ended = (await log.TrialsAsync(id, run.Cancel)).DistinctBy(t => (t.Rung, t.Trial)).ToDictionary(t => (t.Rung, t.Trial));
        TuningReport Report(OptionsTuned? tuned) => new(id, plan.Recommender.Name, plan.Metric.Word(), halving.Planned, [.. ended.Values.OrderBy(t => t.Rung).ThenBy(t => t.Trial)], tuned)
        {
            Warnings = FewPeople.Warning(seen.Users) is { } few ? [few] : [],
        };

        var entrants = halving.First;
        for (var rung = 0; ; rung++)
        {
            Split? part = null;
            foreach (var trial in entrants.Where(t => !ended.ContainsKey((rung, t))).ToList())
            {
                if (plan.Budget != Timeout.InfiniteTimeSpan && clock.GetElapsedTime(started) >= plan.Budget)
                    return Report(null);
                part ??= seen.Part(halving.Share(rung));
                var options = SearchSpace.Draw(plan.Recommender, plan.Metric, trial, plan.Seed);
                var told = run with { Progress = run.Progress is null ? null : new OneTrial(run.Progress, ended.Count, halving.Planned, $"trial {trial} on {halving.Share(rung):0 %} of the people") };
                var (value, failure, seconds) = await JudgeAsync(plan, options, part, told);
                var result = new TuningTrialEnded(id, plan.Recommender.Name, trial, rung, halving.Share(rung), options.ToText(), plan.Metric.Word(), value, failure, seconds, clock.GetUtcNow());
                await log.AddAsync(result, run.Cancel);
                ended[(rung, trial)] = result;
            }

            var losses = entrants.Select(t => (Trial: t, Loss: plan.Metric.Loss(ended[(rung, t)].Value))).ToList();
            if (rung < halving.Rungs - 1)
            {
                entrants = halving.Entrants(rung + 1, losses);
                continue;
            }

            run.Report("chosen", 1);
            var tuned = Choose(name, sha256, plan, ended[(rung, losses.MinBy(t => (t.Loss, t.Trial)).Trial)], ended[(rung, 0)]);
            await log.AddAsync(tuned, run.Cancel);
            return Report(tuned);
        }
    }

    private async Task<(double? Value, string? Failure, double Seconds)> JudgeAsync(TuningPlan plan, OptionValues options, Split part, FitRun run)
    {
        var started = clock.GetTimestamp();
        try
        {
            var value = await Task.Factory.StartNew(() => JudgeTrial.Run(plan, options, part, run), run.Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return (value, null, clock.GetElapsedTime(started).TotalSeconds);
        }
        catch (Exception e) when (e is DivergedException or InvalidDataException)
        {
            return (null, e.Message, clock.GetElapsedTime(started).TotalSeconds);
        }
    }

    private OptionsTuned Choose(string name, string sha256, TuningPlan plan, TuningTrialEnded best, TuningTrialEnded builtIn)
    {
        var searched = SearchSpace.Of(plan.Recommender, plan.Metric).Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        return new(
            best.TuningId, best.Model, best.Trial, best.Options.Where(o => searched.Contains(o.Key)).ToDictionary(StringComparer.Ordinal), best.Metric,
            best.Value ?? throw new InvalidDataException($"No trial of {best.Model} could be fitted; the last one: {best.Failure}"), builtIn.Value, name, sha256, plan.Seed, plan.Trials,
            clock.GetUtcNow(), plan.Recommender.FormatVersion);
    }

    /// <summary>One trial's share of the whole.</summary>
    private sealed class OneTrial(IProgress<FitProgress> whole, int before, int planned, string trial) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => whole.Report(value with { Phase = $"{trial}, {value.Phase}", Fraction = Math.Min(1, (before + value.Fraction) / planned) });
    }
}
