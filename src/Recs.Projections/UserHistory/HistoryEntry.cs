namespace Recs.Projections.UserHistory;

/// <summary>What a person did with a movie. The numbers are part of the packed format: never renumber.</summary>
public enum HistoryKind : byte
{
    /// <summary>Rated it; the entry's value is the rating in stars.</summary>
    Rated = 1,
    /// <summary>Watched it; the entry's value is the last minute of the run.</summary>
    Watched = 2,
    /// <summary>Opened it from a slate; the entry's value is 0.</summary>
    Opened = 3,
}

/// <summary>
/// One line of a person's history: a rating, an opening, or a run of consecutive minutes of one movie (a film watched minute by
/// minute is one entry, not a hundred).
/// </summary>
/// <param name="Kind">What was done.</param>
/// <param name="MovieId">With which movie.</param>
/// <param name="Value">Rating in stars; last minute of the run; 0 for an opening.</param>
/// <param name="Minutes">Length of a run, from 1: it began at minute <c>Value - Minutes + 1</c>. 0 for other kinds.</param>
/// <param name="At">When it happened (a run: when it began), milliseconds since 1970.</param>
/// <param name="LastAt">When a run's last minute happened, milliseconds since 1970; equal to <paramref name="At"/> for other kinds.</param>
/// <param name="Sequence">Log position of the fact (a run: of its last minute).</param>
public readonly record struct HistoryEntry(HistoryKind Kind, string MovieId, double Value, int Minutes, long At, long LastAt, long Sequence)
{
    /// <summary>Whether a watched minute goes on where this entry ends.</summary>
    internal bool IsContinuedBy(string movieId, int minute)
        => Kind == HistoryKind.Watched && minute == Value + 1 && string.Equals(MovieId, movieId, StringComparison.Ordinal);
}
