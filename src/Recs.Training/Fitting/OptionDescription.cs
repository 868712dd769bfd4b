namespace Recs.Training.Fitting;

/// <summary>A hyper-parameter: a number with a range.</summary>
/// <param name="Name">As written in <c>--set name=value</c>.</param>
/// <param name="Meaning">What it does, with its unit.</param>
/// <param name="Minimum">Smallest value allowed.</param>
/// <param name="Maximum">Largest value allowed.</param>
/// <param name="Default">Value if none is given.</param>
/// <param name="Source">Where the default comes from.</param>
/// <param name="Whole">Only whole numbers.</param>
public sealed record OptionDescription(string Name, string Meaning, double Minimum, double Maximum, double Default, string Source, bool Whole = false)
{
    /// <summary>Source of a default that was tried out; never on the movie that the reported figures are judged by.</summary>
    internal const string BestOfGrid = "best of a grid on MovieLens 1M, judged by the second-last movie";
}
