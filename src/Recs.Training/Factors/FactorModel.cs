using Recs.Training.Artifacts;
using Recs.Training.Scoring;

namespace Recs.Training.Factors;

/// <summary>How a model of movie factors turns a history into a person's factors: the ridge regression (<c>Gram</c> + <c>Confidence</c> Σ w y y') x = <c>Pull</c> Σ w y.</summary>
/// <param name="Gram">What holds for all movies, seen or not: width x width numbers, its penalty on the diagonal.</param>
/// <param name="Confidence">What a movie that was seen adds to the matrix.</param>
/// <param name="Pull">What a movie that was seen adds to the right-hand side.</param>
internal sealed record FoldInRule(float[] Gram, float Confidence, float Pull);

/// <summary>The sections of an artifact that <see cref="FactorScorer"/> reads: <c>movies</c>, <c>popularity</c>, <c>factors</c>, <c>gram</c>, <c>fold-in</c> and <c>weights</c>.</summary>
internal static class FactorModel
{
    public const string Factors = "factors";
    public const string Gram = "gram";
    public const string FoldIn = "fold-in";

    /// <summary>Freezes the factors, beside the movies and the cold start that every artifact has. Nobody's own factors are in it.</summary>
    /// <param name="artifact">Receives the sections.</param>
    /// <param name="factors">One row per movie.</param>
    /// <param name="rule">How a person is folded in.</param>
    /// <param name="weights">How much each movie of a history counts.</param>
    public static Artifact AddFactors(this Artifact artifact, float[] factors, FoldInRule rule, HistoryWeights weights)
    {
        artifact.Add(Factors, (ReadOnlySpan<float>)factors)
            .Add(Gram, (ReadOnlySpan<float>)rule.Gram)
            .Add(FoldIn, (ReadOnlySpan<float>)[rule.Confidence, rule.Pull]);
        weights.AddTo(artifact);
        return artifact;
    }
}
