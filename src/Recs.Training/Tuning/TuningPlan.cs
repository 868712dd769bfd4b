using System.Security.Cryptography;
using System.Text;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Fitting;

namespace Recs.Training.Tuning;

/// <summary>What to tune, and how thoroughly.</summary>
/// <param name="Recommender">Kind of model.</param>
/// <param name="Metric">What to judge by.</param>
/// <param name="Trials">Sets of options, 1 to <see cref="MostTrials"/>; the first is the built-in defaults.</param>
/// <param name="Seed">Key of every draw and fit.</param>
public sealed record TuningPlan(IRecommender Recommender, TuningMetric Metric, int Trials = 27, ulong Seed = 1)
{
    /// <summary>Greatest number of trials.</summary>
    public const int MostTrials = 1000;

    /// <summary>No trial begins after this time; the next run goes on with the same trials.</summary>
    public TimeSpan Budget { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The plan of a model; rating models are judged by RMSE unless <paramref name="metric"/> says otherwise, all others by NDCG@10.</summary>
    /// <exception cref="ArgumentException">The model has nothing to tune, or predicts no ratings, or there are too many or too few trials.</exception>
    public static TuningPlan Of(IRecommender recommender, TuningMetric? metric = null, int trials = 27, ulong seed = 1)
    {
        var predicts = RatingModels.Includes(Contestant.Of(recommender));
        if (metric == TuningMetric.Rmse && !predicts)
            throw new ArgumentException($"'{recommender.Name}' ranks and predicts no ratings, so it cannot be tuned by rmse.");
        var chosen = metric ?? (predicts ? TuningMetric.Rmse : TuningMetric.Ndcg);
        if (!SearchSpace.Of(recommender, chosen).Any())
            throw new ArgumentException($"'{recommender.Name}' has no options to tune.");
        if (trials is < 1 or > MostTrials)
            throw new ArgumentException($"{trials} trials; expected 1 to {MostTrials}.");
        return new(recommender, chosen, trials, seed);
    }

    /// <summary>Names the tuning by all that its figures depend on.</summary>
    /// <param name="dataSha256">Digest of what the tuning sees.</param>
    internal string Id(string dataSha256)
    {
        var asked = $"{Recommender.Name}\n{Recommender.FormatVersion}\n{Metric.Word()}\n{Trials}\n{Seed}\n{dataSha256}\n"
            + string.Join('\n', Recommender.Options.Select(o => $"{o.Name} {o.Default:R} {o.Searched.Low:R} {o.Searched.High:R}"));
        return $"{Recommender.Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked)))[..16]}";
    }
}
