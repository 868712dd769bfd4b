namespace Recs.Host.Reporting;

/// <summary>How long something still takes, in words as short as it is exact.</summary>
internal static class TimeLeft
{
    /// <summary><c>50 s</c>, <c>12 min 5 s</c>, <c>3 h 20 min</c>; nothing that is overdue is negative.</summary>
    public static string Text(TimeSpan left) => left switch
    {
        _ when left <= TimeSpan.Zero => "0 s",
        { TotalSeconds: < 99.5 } => $"{left.TotalSeconds:0} s",
        { TotalMinutes: < 60 } => $"{left.Minutes} min {left.Seconds} s",
        _ => $"{(long)left.TotalHours:N0} h {left.Minutes} min",
    };
}
