namespace Recs.Queries.Asking;

/// <summary>A page of a list that goes from the newest to the oldest: parameters <c>k</c> and <c>before</c>, and <c>nextBefore</c> of the answer.</summary>
/// <param name="Most">Items of a page.</param>
/// <param name="Before">Only items at smaller positions; the first page has no bound.</param>
internal readonly record struct NewestFirst(int Most, long Before)
{
    /// <summary>Whether it is the first page.</summary>
    public bool IsFirst => Before == long.MaxValue;

    /// <summary>Items to look for: one more than the page has tells whether there is a next one.</summary>
    public int Sought => Most + 1;

    /// <summary>Reads the parameters.</summary>
    /// <param name="read">The request's.</param>
    /// <param name="defaultK">Items of a page if <c>k</c> was not given.</param>
    /// <param name="mostK">Most items that may be asked for.</param>
    public static NewestFirst Read(QueryReader read, int defaultK, int mostK) => new(
        (int)read.Number("k", defaultK, 1, mostK, $"a whole number from 1 to {mostK}"), read.Number("before", long.MaxValue, 1, long.MaxValue, "a whole number, 1 or more"));

    /// <summary>Cuts the page out of what was found.</summary>
    /// <param name="found">Up to <see cref="Sought"/> items, newest first.</param>
    /// <param name="positionOf">An item's position.</param>
    /// <returns>The page, and <c>before</c> of the next one; null if this is the last.</returns>
    public (IReadOnlyList<T> Items, long? NextBefore) Cut<T>(IReadOnlyList<T> found, Func<T, long> positionOf)
        => found.Count > Most ? ([.. found.Take(Most)], positionOf(found[Most - 1])) : (found, null);
}
