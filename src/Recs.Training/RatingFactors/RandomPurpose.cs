namespace Recs.Training.RatingFactors;

/// <summary>What the rating models draw random numbers for.</summary>
internal static class RandomPurpose
{
    /// <summary>Factors that people start with.</summary>
    public const ulong UserFactors = 501;
    /// <summary>Factors that movies start with.</summary>
    public const ulong MovieFactors = 502;
    /// <summary>The order of the ratings.</summary>
    public const ulong Order = 503;
    /// <summary>The order within walk 0; walk w draws for this number plus w.</summary>
    public const ulong Walks = 10_000;
}
