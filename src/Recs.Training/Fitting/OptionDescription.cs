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
    private const double WideAbove = 1e4;
    private const double AboutDefault = 30;

    /// <summary>Where a tuning looks, if that is less than what is allowed; null to leave it to <see cref="Searched"/>.</summary>
    public SearchRange? Search { get; init; }

    /// <summary>
    /// Where a tuning draws values from: <see cref="Search"/>, or all that is allowed, or, where that spans more than four decades, a factor of 30 about the default. One value
    /// alone for an option that is not tuned.
    /// </summary>
    public SearchRange Searched
        => !IsTuned ? new(Default, Default) : Search ?? ((Minimum > 0 && Maximum / Minimum <= WideAbove) || (Minimum == 0 && Maximum <= 1)
            ? new(Minimum, Maximum)
            : new(Math.Max(Minimum, Default / AboutDefault), Math.Min(Maximum, Default * AboutDefault)));

    /// <summary>False for an option that bounds memory or time, so that more is better or never matters: a tuning leaves it at its default.</summary>
    public bool IsTuned { get; init; } = true;

    /// <summary>True if no predicted rating depends on it, only the order of lists: a tuning by RMSE, which could not tell its values apart, leaves it at its default.</summary>
    public bool RanksOnly { get; init; }

    /// <summary>Source of a default that was tried out; never on the movie that the reported figures are judged by.</summary>
    internal const string BestOfGrid = "best of a grid on MovieLens 1M, judged by the second-last movie";
}

/// <summary>Bounds of a search, both included; one value if they are equal.</summary>
/// <param name="Low">Least value.</param>
/// <param name="High">Greatest value.</param>
public readonly record struct SearchRange(double Low, double High);
