using Recs.Training.Artifacts;
using Recs.Training.Fitting;

namespace Recs.Training.RatingFactors;

/// <summary>
/// How predicted stars become a score to rank by. A movie that few people rated may be predicted high by chance, and nobody may look for it: its stars above the
/// least rating count n / (n + shrinkage · N), n the people who rated it and N all who rated anything. Predictions themselves are not shrunk.
/// </summary>
internal static class RankingShrinkage
{
    private const string SectionName = "ranking-weight";

    /// <summary>The option that <see cref="AddTo"/> reads. The same value is the best of the grid for all models that have it.</summary>
    public static OptionDescription Option { get; } = new(
        "ranking-shrinkage", "share of the people who must have rated a movie for half of its predicted stars above the least to count when movies are ranked; 0 ranks by predicted stars",
        0, 1_000, 0.2, OptionDescription.BestOfGrid);

    /// <summary>Freezes one weight per movie in an artifact.</summary>
    /// <param name="artifact">Receives the section.</param>
    /// <param name="options">Holds the option.</param>
    /// <param name="ratings">All ratings.</param>
    public static void AddTo(Artifact artifact, OptionValues options, RatingTable ratings)
    {
        var shrinkage = options["ranking-shrinkage"] * ratings.Raters;
        artifact.Add(SectionName, (ReadOnlySpan<float>)[.. ratings.CountByMovie().Select(n => shrinkage == 0 ? 1 : (float)(n / (n + shrinkage)))]);
    }

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The section is missing or not one weight per movie.</exception>
    public static float[] Read(ArtifactFiles files, int movies)
    {
        var weights = files.Section<float>(SectionName);
        return weights.Length == movies ? weights.ToArray() : throw new DamagedArtifactException(files.Path, $"{weights.Length} ranking weights for {movies} movies");
    }
}
