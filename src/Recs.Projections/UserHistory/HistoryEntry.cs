namespace Recs.Projections.UserHistory;

/// <summary>What a person did with a movie. The numbers are part of the packed format: never renumber.</summary>
public enum HistoryKind : byte
{
    /// <summary>Rated it; the entry's value is the rating in stars.</summary>
    Rated = 1,
    /// <summary>Watched it; the entry's value is the furthest minute of the viewing.</summary>
    Watched = 2,
    /// <summary>Opened it from a slate; the entry's value is 0.</summary>
    Opened = 3,
}

/// <summary>
/// One line of a person's history: a rating, an opening, or a viewing (a film watched minute by minute is one entry, not a hundred).
/// </summary>
/// <remarks>
/// Which minutes are one viewing. Watch logs lose lines, repeat them and swap them, and people pause, rate in between and seek; so a watched minute goes on with the
/// newest viewing of the movie, among the person's <see cref="HistoryEntries.Open"/> newest entries, into which it fits:
/// <list type="number">
/// <item>in time: at most four hours before the viewing's earliest minute or after its latest (<see cref="Pause"/>); and</item>
/// <item>in the film: at most fifteen minutes (<see cref="Jump"/>) beyond the first or the furthest minute so far, on top of the time that passed outside the viewing's
/// span, in which lines may have been lost; and</item>
/// <item>in direction: a minute after the latest one lies at most <see cref="Jump"/> behind the furthest, one before the earliest at most as far ahead of the first:
/// further back, the person started over.</item>
/// </list>
/// So the minutes of a film that ran at the clock's pace, with or without pauses, give one and the same viewing however many come twice or not at all and in whatever order they
/// come, as long as they span no more than four hours. A viewing keeps the ends of what was watched, not each minute: what lies between them counts as watched.
/// </remarks>
/// <param name="Kind">What was done.</param>
/// <param name="MovieId">With which movie.</param>
/// <param name="Value">Rating in stars; furthest minute of a viewing; 0 for an opening.</param>
/// <param name="Minutes">Length of a viewing, from 1: it began at minute <c>Value - Minutes + 1</c>. 0 for other kinds.</param>
/// <param name="At">When it happened (a viewing: its earliest minute), milliseconds since 1970.</param>
/// <param name="LastAt">When a viewing's latest minute happened, milliseconds since 1970; equal to <paramref name="At"/> for other kinds.</param>
/// <param name="Sequence">Log position of the fact (a viewing: of the one that the log learnt last).</param>
public readonly record struct HistoryEntry(HistoryKind Kind, string MovieId, double Value, int Minutes, long At, long LastAt, long Sequence)
{
    /// <summary>Longest time between two minutes of one viewing, in milliseconds: supper, but not the next evening.</summary>
    internal const long Pause = 4 * 60 * Minute;

    /// <summary>Most minutes of film by which a viewing jumps ahead of the clock, or back.</summary>
    internal const int Jump = 15;

    private const long Minute = 60_000;

    /// <summary>Whether a watched minute belongs to this viewing; false if it is none.</summary>
    /// <param name="movieId">Of which movie.</param>
    /// <param name="minute">Minute of the film.</param>
    /// <param name="at">When it was watched, milliseconds since 1970.</param>
    internal bool IsContinuedBy(string movieId, int minute, long at)
    {
        if (Kind != HistoryKind.Watched) return false;
        var (early, late) = (Math.Max(0, At - at), Math.Max(0, at - LastAt));
        var (behind, ahead) = (First - minute, minute - Value);
        return early <= Pause && late <= Pause
            && behind <= Jump + early / Minute && ahead <= Jump + late / Minute
            && (late == 0 || ahead >= -Jump) && (early == 0 || behind >= -Jump)
            && string.Equals(MovieId, movieId, StringComparison.Ordinal); // last: a first minute meets up to 16 entries, mostly of other evenings
    }

    /// <summary>This viewing with one minute more.</summary>
    /// <param name="minute">Minute of the film.</param>
    /// <param name="at">When it was watched, milliseconds since 1970.</param>
    /// <param name="sequence">Log position of the fact.</param>
    internal HistoryEntry With(int minute, long at, long sequence)
    {
        var (first, furthest) = (Math.Min(First, minute), Math.Max(Value, minute));
        return this with { Value = furthest, Minutes = (int)(furthest - first) + 1, At = Math.Min(At, at), LastAt = Math.Max(LastAt, at), Sequence = sequence };
    }

    private double First => Value - Minutes + 1;
}
