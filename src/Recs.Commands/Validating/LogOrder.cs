namespace Recs.Commands.Validating;

/// <summary>
/// Follows the times of a log's lines and counts those that come late. A line far ahead of all before it does not count as the log's time until another one
/// agrees with it: one wrong clock must not make every line after it late.
/// </summary>
/// <param name="lateAfter">From where on a line is late.</param>
internal sealed class LogOrder(TimeSpan lateAfter)
{
    private const long FarAhead = TimeSpan.TicksPerDay;
    private long reached = -1;
    private long ahead = -1;
    private long oldest = long.MaxValue;
    private long rows;
    private long late;

    /// <summary>Lines so far, and how many were late.</summary>
    public LateRows Rows => new(rows, late);

    /// <summary>The oldest time; null before the first line.</summary>
    public DateTimeOffset? Oldest => rows == 0 ? null : new(oldest, TimeSpan.Zero);

    /// <summary>The log's time: the newest that is not alone; null before the first line.</summary>
    public DateTimeOffset? Newest => rows == 0 ? null : new(reached, TimeSpan.Zero);

    /// <summary>Takes the next line.</summary>
    /// <param name="ticks">Its time in UTC ticks.</param>
    public void Add(long ticks)
    {
        rows++;
        oldest = Math.Min(oldest, ticks);
        if (rows == 1)
        {
            reached = ticks;
        }
        else if (ticks > reached + FarAhead)
        {
            if (ahead >= 0 && Math.Abs(ticks - ahead) <= FarAhead) reached = ticks;
            ahead = ticks;
        }
        else
        {
            reached = Math.Max(reached, ticks);
            if (reached - ticks > lateAfter.Ticks) late++;
        }
    }
}
