using Recs.Training.Artifacts;

namespace Recs.Training.RatingFactors;

/// <summary>The stars that people give: what predictions start from and stay within.</summary>
/// <param name="Mean">Mean of all ratings, in stars.</param>
/// <param name="Lowest">Least rating of the data, in stars.</param>
/// <param name="Highest">Greatest rating of the data, in stars.</param>
internal readonly record struct RatingScale(float Mean, float Lowest, float Highest)
{
    private const string SectionName = "rating-scale";

    /// <summary>The rating within the scale that is nearest to a prediction.</summary>
    public float Within(float stars) => Math.Clamp(stars, Lowest, Highest);

    /// <summary>Freezes the scale in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(SectionName, (ReadOnlySpan<float>)[Mean, Lowest, Highest]);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The section is missing or not three numbers, of which the mean is not below the least nor above the greatest.</exception>
    public static RatingScale Read(ArtifactFiles files) => files.Section<float>(SectionName) switch
    {
        [var mean, var lowest, var highest] when lowest <= mean && mean <= highest => new(mean, lowest, highest),
        _ => throw new DamagedArtifactException(files.Path, $"section '{SectionName}' is not a mean, a least and a greatest rating"),
    };
}
