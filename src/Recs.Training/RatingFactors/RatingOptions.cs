namespace Recs.Training.RatingFactors;

/// <summary>Options that the rating models share.</summary>
internal static class RatingOptions
{
    /// <summary>Source of a default that was tried out on ratings; never on those that the reported error is measured by.</summary>
    public const string Source = "best of a grid on MovieLens 1M, judged by a tenth of the training ratings";
}
