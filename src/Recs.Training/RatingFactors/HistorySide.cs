using Recs.Training.Artifacts;

namespace Recs.Training.RatingFactors;

/// <summary>
/// What a history says about a person before any factor is fitted to them: z = Σ y(j) / √N over all N movies that they rated or watched, and
/// Σ (t(j) - t̄) x(j) / √n over the n that they rated, t(j) the rating less the mean and the movie's bias, t̄ = Σ t(j) / (n + 5) (Koren, "Factorization Meets the
/// Neighborhood", 2008: y as in its SVD++, x as in its asymmetric model).
/// </summary>
internal sealed unsafe class HistorySide
{
    /// <summary>Ratings for half of a person's mean deviation to count: part of the arithmetic.</summary>
    public const float MeanShrinkage = 5;

    private const string WatchedSection = "watched-factors";
    private const string RatedSection = "rated-factors";

    private HistorySide(float* watched, float* rated)
    {
        Watched = watched;
        Rated = rated;
    }

    /// <summary>First number of movie 0's y; valid as long as the files are open.</summary>
    public float* Watched { get; }
    /// <summary>First number of movie 0's x; valid as long as the files are open.</summary>
    public float* Rated { get; }

    /// <summary>How far a rating stands from what the person gives on average, over √n.</summary>
    /// <param name="residuals">t(j) of the rated movies.</param>
    /// <param name="deviations">Receives (t(j) - t̄) / √n.</param>
    public static void Deviations(ReadOnlySpan<float> residuals, Span<float> deviations)
    {
        var sum = 0f;
        foreach (var residual in residuals)
            sum += residual;
        var (mean, scale) = (sum / (residuals.Length + MeanShrinkage), 1 / MathF.Sqrt(residuals.Length));
        for (var k = 0; k < residuals.Length; k++)
            deviations[k] = (residuals[k] - mean) * scale;
    }

    /// <summary>Freezes both in an artifact.</summary>
    public static void AddTo(Artifact artifact, float[] watched, float[] rated)
        => artifact.Add(WatchedSection, (ReadOnlySpan<float>)watched).Add(RatedSection, (ReadOnlySpan<float>)rated);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">A section is missing or does not fit the movies.</exception>
    public static HistorySide Read(ArtifactFiles files, MovieSide movies)
    {
        var bytes = (long)movies.Count * movies.Width * sizeof(float);
        return new((float*)files.Pointer(WatchedSection, bytes), (float*)files.Pointer(RatedSection, bytes));
    }
}
