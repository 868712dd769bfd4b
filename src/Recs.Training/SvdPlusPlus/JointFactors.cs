using Recs.Training.Factors;
using Recs.Training.Numerics;
using Recs.Training.RatingFactors;

namespace Recs.Training.SvdPlusPlus;

/// <summary>What the fit learns. The artifact keeps the movies' part.</summary>
/// <param name="Width">Numbers per row of factors: the factors rounded up to 16.</param>
/// <param name="UserFactors">p: what a history does not say of a person by itself, one row per person.</param>
/// <param name="MovieFactors">q, one row per movie.</param>
/// <param name="Watched">y, one row per movie: what it says of a person that they rated or watched it.</param>
/// <param name="Rated">x, one row per movie: what it says of a person that they rated it above their mean.</param>
/// <param name="UserBias">Stars per person.</param>
/// <param name="MovieBias">Stars per movie.</param>
internal sealed record JointFactors(
    int Width, float[] UserFactors, float[] MovieFactors, float[] Watched, float[] Rated, float[] UserBias, float[] MovieBias)
{
    private const float Spread = 0.1f; // small beside the factors that come of it, so that no start leads far from another

    /// <summary>All arrays, in the order in which a checkpoint keeps them.</summary>
    public IReadOnlyList<float[]> State => [UserFactors, MovieFactors, Watched, Rated, UserBias, MovieBias];

    /// <summary>Small random p and q; everything else 0.</summary>
    public static JointFactors Start(int users, int movies, int factors, ulong seed)
    {
        var width = Matrix.StrideFor(factors);
        return new(
            width,
            StartingFactors.Draw(users, factors, Spread, new(seed, RandomPurpose.UserFactors)),
            StartingFactors.Draw(movies, factors, Spread, new(seed, RandomPurpose.MovieFactors)),
            new float[movies * width],
            new float[movies * width],
            new float[users],
            new float[movies]);
    }
}
