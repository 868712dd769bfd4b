using Recs.Training.Fitting;

namespace Recs.Training.RatingFactors;

/// <summary>
/// What holds back the factors in each step: a penalty per rating, and some ratings' worth more of it for everybody and every movie, which weighs on those with few
/// ratings. Somebody with n ratings takes n steps a walk, so the penalty of one of them is λ (n + m) / n for m ratings' worth more.
/// </summary>
/// <param name="People">Penalty on a person's squared factors in each of their steps.</param>
/// <param name="Movies">Penalty on a movie's squared factors in each of its steps.</param>
/// <param name="Biases">Penalty on squared biases in each step.</param>
internal sealed record StepPenalties(float[] People, float[] Movies, float Biases)
{
    /// <summary>The options that <see cref="Of"/> reads.</summary>
    public static OptionDescription[] Options(double people, double movies, double shrinkage, double biases) =>
    [
        new("regularization", "penalty on squared factors of people, per rating", 1e-3, 10, people, RatingOptions.Source),
        new("movie-regularization", "penalty on squared factors of movies, per rating", 1e-4, 10, movies, RatingOptions.Source),
        new("shrinkage", "ratings added to everybody's and every movie's when their penalty is counted: holds back who has few", 0, 1e4, shrinkage, RatingOptions.Source) { Search = new(5, 500) },
        new("bias-regularization", "penalty on squared biases, per rating", 1e-3, 10, biases, RatingOptions.Source),
    ];

    /// <summary>Counts what is rated.</summary>
    public static StepPenalties Of(OptionValues options, RatingTable ratings)
    {
        var counts = Enumerable.Range(0, ratings.Users).Select(user => ratings.First[user + 1] - ratings.First[user]);
        return new(
            PerStep(counts, options["regularization"], options["shrinkage"]),
            PerStep(ratings.CountByMovie(), options["movie-regularization"], options["shrinkage"]),
            (float)options["bias-regularization"]);
    }

    private static float[] PerStep(IEnumerable<int> counts, double penalty, double more)
        => [.. counts.Select(n => (float)(penalty * (n + more) / Math.Max(n, 1)))];
}
