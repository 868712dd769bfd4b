using Recs.Training.Factors;
using Recs.Training.Numerics;
using Recs.Training.RatingFactors;

namespace Recs.Training.Svd;

/// <summary>What the fit learns: a bias and a row of factors for everybody and for every movie. Only the movies' half is kept in the artifact.</summary>
/// <param name="Width">Numbers per row of factors: the factors rounded up to 16.</param>
/// <param name="UserFactors">One row per person.</param>
/// <param name="MovieFactors">One row per movie.</param>
/// <param name="UserBias">Stars per person.</param>
/// <param name="MovieBias">Stars per movie.</param>
internal sealed record BiasedFactors(int Width, float[] UserFactors, float[] MovieFactors, float[] UserBias, float[] MovieBias)
{
    private const float Spread = 0.03f; // small beside the factors that come of it, so that no start leads far from another

    /// <summary>All arrays, in the order in which a checkpoint keeps them.</summary>
    public IReadOnlyList<float[]> State => [UserFactors, MovieFactors, UserBias, MovieBias];

    /// <summary>Small random factors and no biases.</summary>
    public static BiasedFactors Start(RatingTable ratings, int factors, ulong seed) => new(
        Matrix.StrideFor(factors),
        StartingFactors.Draw(ratings.Users, factors, Spread, new(seed, RandomPurpose.UserFactors)),
        StartingFactors.Draw(ratings.Movies, factors, Spread, new(seed, RandomPurpose.MovieFactors)),
        new float[ratings.Users],
        new float[ratings.Movies]);
}
