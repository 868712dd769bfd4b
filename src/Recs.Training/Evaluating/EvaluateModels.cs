using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating;

/// <summary>A model to be judged.</summary>
/// <param name="Recommender">Kind of model.</param>
/// <param name="Options">Its hyper-parameters.</param>
public sealed record Contestant(IRecommender Recommender, OptionValues Options);

/// <summary>
/// Judges models offline by <see cref="LeaveLastOut"/>: fits each on the same cut, opens its artifact as serving would, and ranks for every user.
/// Needs no database: any <see cref="InteractionSet"/> will do.
/// </summary>
/// <param name="clock">Measures fits and lists.</param>
public sealed class EvaluateModels(TimeProvider clock)
{
    /// <summary>Fits and judges.</summary>
    /// <param name="name">Name of the data set, for the report.</param>
    /// <param name="data">Data set; watches are left out, since the protocol is defined on ratings.</param>
    /// <param name="contestants">Models.</param>
    /// <param name="ks">List lengths.</param>
    /// <param name="seed">Key of fits and intervals.</param>
    /// <param name="run">Threads, progress, cancellation.</param>
    /// <param name="slates">Receives every list of the greatest k, if wanted.</param>
    public EvaluationReport Run(
        string name, InteractionSet data, IReadOnlyList<Contestant> contestants, IReadOnlyList<int> ks, ulong seed, FitRun run, TextWriter? slates = null)
    {
        if (ks.Count == 0 || ks.Any(k => k < 1))
            throw new ArgumentException("List lengths must be whole numbers from 1.", nameof(ks));
        var ratings = data.RatingsOnly();
        var split = LeaveLastOut.Split(ratings);
        var csv = slates is null ? null : new SlateCsv(slates);
        var rows = contestants.SelectMany(contestant => Judge(contestant, split, ks, seed, run, csv)).ToList();
        var evaluated = split.HeldOut.Count(movie => movie >= 0);
        return new(
            new(name, ratings.Users.Count, ratings.Movies.Count, ratings.Count, ratings.Sha256),
            LeaveLastOut.Name, evaluated, split.Train.Count, evaluated, rows, [], []);
    }

    private List<EvaluationRow> Judge(Contestant contestant, LeaveLastOutSplit split, IReadOnlyList<int> ks, ulong seed, FitRun run, SlateCsv? slates)
    {
        var folder = Directory.CreateTempSubdirectory("recs-evaluate-").FullName;
        try
        {
            var store = new ArtifactStore(folder);
            var fit = Fit(contestant, split.Train, seed, run, store);
            using var scorer = contestant.Recommender.Open(store.Open(fit.Stored.ContentHash));
            var ranked = RankedUsers.Of(scorer, split, ks, clock, contestant.Recommender.Name, slates, run.Cancel);
            return Rows(contestant.Recommender.Name, ks, seed, ranked, split.Train.Movies.Count, fit);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private FitCost Fit(Contestant contestant, InteractionSet train, ulong seed, FitRun run, ArtifactStore store)
    {
        var (started, cpu) = (clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        using var artifact = contestant.Recommender.Fit(train, contestant.Options, seed, run);
        var (seconds, cpuSeconds) = (clock.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        return new(store.Put(artifact), seconds, cpuSeconds);
    }

    private static List<EvaluationRow> Rows(string model, IReadOnlyList<int> ks, ulong seed, RankedUsers ranked, int movies, FitCost fit)
    {
        var figures = ks.SelectMany(k => new[] { PerUser(ranked, r => RankingMetrics.HitRatio(r, k)), PerUser(ranked, r => RankingMetrics.Ndcg(r, k)) }).ToList();
        var intervals = BootstrapInterval.Of(figures, seed);
        var mrr = PerUser(ranked, RankingMetrics.ReciprocalRank).Average();
        return [.. ks.Select((k, i) => new EvaluationRow(
            model, k, intervals[2 * i].Mean, intervals[2 * i].Low, intervals[2 * i].High,
            intervals[(2 * i) + 1].Mean, intervals[(2 * i) + 1].Low, intervals[(2 * i) + 1].High,
            Precision: intervals[2 * i].Mean / k, Recall: intervals[2 * i].Mean, Map: PerUser(ranked, r => RankingMetrics.AveragePrecision(r, k)).Average(), mrr,
            Rmse: null, Mae: null, Coverage: (double)ranked.ListedMovies[k] / movies, Gini: null, Novelty: null, Diversity: null, PopularityBias: null,
            Calibration: null, fit.Seconds, fit.CpuSeconds, PeakMiB: null, fit.Stored.Bytes / (1024.0 * 1024), ranked.MillisecondsAt(0.5),
            ranked.MillisecondsAt(0.95), ranked.MillisecondsAt(0.99), ranked.Milliseconds.Length * 1000 / ranked.Milliseconds.Sum(), fit.Stored.ContentHash, seed))];
    }

    private static double[] PerUser(RankedUsers ranked, Func<int, double> figure) => Array.ConvertAll(ranked.Ranks, rank => figure(rank));

    private sealed record FitCost(StoredArtifact Stored, double Seconds, double CpuSeconds);
}
