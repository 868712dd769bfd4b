namespace Recs.Queries.Replaying;

/// <summary>How a replay ended.</summary>
public enum Verdict
{
    /// <summary>The same movies in the same order with the same bits of scores and predicted ratings.</summary>
    Identical,
    /// <summary>Something differs or is damaged; the difference is named.</summary>
    Different,
    /// <summary>The person was erased; nothing can be compared.</summary>
    Erased,
}

/// <summary>The replay of one slate.</summary>
/// <param name="RequestId">Which slate.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Difference">What differs; null if nothing does.</param>
public sealed record SlateReplay(string RequestId, Verdict Verdict, string? Difference);
