using System.Globalization;
using Recs.Training.Artifacts;

namespace Recs.Training.Neural;

/// <summary>What each epoch lost, and what the model reached after it on movies that it does not learn from: kept in the artifact, so that anybody can see how a version was learned.</summary>
/// <param name="epochs">Epochs of the training.</param>
internal sealed class LearningCurve(int epochs)
{
    private const int Noted = 4;

    /// <summary>Section of an artifact: loss and validation, epoch by epoch.</summary>
    public const string Section = "curve";

    /// <summary>The numbers of that section, which a checkpoint keeps too.</summary>
    public float[] Numbers { get; } = new float[2 * epochs];

    /// <summary>Writes an epoch down.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="learned">What came of it; not a number stands for no validation.</param>
    public void Add(int epoch, Fitting.Learned learned) => (Numbers[2 * epoch], Numbers[(2 * epoch) + 1]) = ((float)learned.Loss, (float?)learned.Validation ?? float.NaN);

    /// <summary>What was reached before an epoch; null before the first one and where none is known.</summary>
    public double? Last(int epoch) => epoch == 0 || float.IsNaN(Numbers[(2 * epoch) - 1]) ? null : Numbers[(2 * epoch) - 1];

    /// <summary>Freezes the curve, and notes some of its epochs for who looks at the model.</summary>
    public void AddTo(Artifact artifact)
    {
        artifact.Add(Section, (ReadOnlySpan<float>)Numbers);
        foreach (var epoch in Enumerable.Range(1, Noted).Select(i => epochs * i / Noted).Where(epoch => epoch > 0).Prepend(Math.Min(epochs, 1)).Distinct())
            artifact.Found($"epoch {epoch}", string.Create(CultureInfo.InvariantCulture, $"loss {Numbers[(2 * epoch) - 2]:0.0000}") + Validation(Numbers[(2 * epoch) - 1]));
    }

    private static string Validation(float value) => float.IsNaN(value) ? "" : string.Create(CultureInfo.InvariantCulture, $", NDCG@10 {value:0.0000} on what was kept back");
}
