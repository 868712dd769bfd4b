using Recs.Training.Artifacts;
using Recs.Training.Fitting;

namespace Recs.Training.RatingFactors;

/// <summary>Penalties on what is solved when a person is folded in.</summary>
/// <param name="Factors">Penalty on squared factors, per rating.</param>
/// <param name="Biases">Penalty on squared biases, per rating.</param>
/// <param name="Person">Penalty on squared factors, once, however many ratings there are.</param>
internal readonly record struct FoldInPenalties(float Factors, float Biases, float Person = 0)
{
    private const string SectionName = "penalties";

    /// <summary>The option that <see cref="Of"/> reads beside those of <see cref="StepPenalties"/>.</summary>
    public static OptionDescription Option(double factors) => new(
        "fold-in-regularization", "when a person is folded in: penalty on their squared factors, per rating; less than regularization, since a fit that stops early holds its factors back by that too",
        1e-3, 10, factors, RatingOptions.Source);

    /// <summary>Reads the options.</summary>
    public static FoldInPenalties Of(OptionValues options)
        => new((float)options["fold-in-regularization"], (float)options["bias-regularization"], (float)(options["regularization"] * options["shrinkage"]));

    /// <summary>Freezes the penalties in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(SectionName, (ReadOnlySpan<float>)[Factors, Biases, Person]);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The section is missing or not two positive numbers and one that is not negative.</exception>
    public static FoldInPenalties Read(ArtifactFiles files) => files.Section<float>(SectionName) switch
    {
        [var factors, var biases] when factors > 0 && biases > 0 => new(factors, biases), // of the first format
        [var factors, var biases, var person] when factors > 0 && biases > 0 && person >= 0 => new(factors, biases, person),
        _ => throw new DamagedArtifactException(files.Path, $"section '{SectionName}' is not two positive numbers and one that is not negative"),
    };
}
