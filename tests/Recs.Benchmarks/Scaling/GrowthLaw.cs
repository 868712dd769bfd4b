using Recs.Benchmarks.Training;
using Recs.Training.Snapshots;

namespace Recs.Benchmarks.Scaling;

/// <summary>How the time of a model's fit is meant to grow.</summary>
/// <param name="Meaning">In words.</param>
/// <param name="Work">Operations of a fit on a data set up to a constant, with so many movies modelled; null for the default.</param>
/// <param name="GrowsWithModelledMovies">Whether the model has the option <c>movies</c>.</param>
internal sealed record GrowthLaw(string Meaning, Func<InteractionSet, int?, double> Work, bool GrowsWithModelledMovies = false)
{
    private const int MoviesByDefault = 5_000;

    /// <summary>The law of a fit.</summary>
    public static GrowthLaw Of(ShortFit fit) => fit.Model.Name switch
    {
        "item-knn" or "knn-baseline" => new("the sum of squared history lengths", (data, _) => SquaredLengths(data)),
        "ease" or "linear-autoregression" => new(
            "the cube of the modelled movies", (data, modelled) => Math.Pow(Math.Min(modelled ?? MoviesByDefault, data.Movies.Count), 3), GrowsWithModelledMovies: true),
        "sasrec" or "vae" or "two-tower" or "neural-cf" => new("its matrix products", (data, _) => NetworkWork.Of(fit, data)!.Value),
        "blend" => new("the cube of the modelled movies", (data, _) => Math.Pow(Math.Min(MoviesByDefault, data.Movies.Count), 3)),
        _ => new("the ratings", (data, _) => data.Count),
    };

    private static double SquaredLengths(InteractionSet data)
    {
        var lengths = new long[data.Users.Count];
        foreach (var user in data.User)
            lengths[user]++;
        return lengths.Sum(length => (double)length * length);
    }
}
