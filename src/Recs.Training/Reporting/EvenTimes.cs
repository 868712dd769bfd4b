using Recs.Training.Snapshots;

namespace Recs.Training.Reporting;

/// <summary>
/// Tells times that somebody made up from times at which something happened. People rate at uneven moments; a file in which most ratings follow the same person's last
/// one by the same number of seconds has its order from somewhere and its times from a program, and a cut of all people at one moment means nothing there.
/// </summary>
public static class EvenTimes
{
    private const double Most = 0.5;

    /// <summary>Why the protocol <c>temporal</c> means nothing on a data set; null if nothing speaks against it.</summary>
    public static string? Objection(InteractionSet ratings)
    {
        var (share, seconds) = Commonest(ratings);
        return share > Most
            ? FormattableString.Invariant($"{100 * share:0} % of the ratings come exactly {seconds:0.###} s after the same person's last one, so the file's times are made up and a cut in time means nothing")
            : null;
    }

    private static (double Share, double Seconds) Commonest(InteractionSet ratings)
    {
        var byTime = Enumerable.Range(0, ratings.Count).ToArray();
        Array.Sort(ratings.At.ToArray(), byTime);
        var last = new long?[ratings.Users.Count];
        var gaps = new Dictionary<long, int>();
        foreach (var i in byTime)
        {
            var (user, at) = (ratings.User[i], ratings.At[i]);
            if (last[user] is { } before && at > before) // several at once are a coarse clock, not a made-up one
                gaps[at - before] = gaps.GetValueOrDefault(at - before) + 1;
            last[user] = at;
        }

        if (gaps.Count == 0)
            return (0, 0);
        var (gap, count) = gaps.MaxBy(g => g.Value);
        return ((double)count / ratings.Count, gap / 1000.0);
    }
}
