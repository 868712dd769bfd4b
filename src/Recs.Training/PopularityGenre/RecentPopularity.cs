using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.PopularityGenre;

/// <summary>
/// Popularity with decay. Each person counts once per movie, at the moment the movie was last rated or watched. Time is the data set's own: the newest moment in
/// it is now. The sums are whole numbers of 2^-32, so that the order of the people cannot change a bit.
/// </summary>
internal static class RecentPopularity
{
    private const double MillisecondsPerDay = 86_400_000;
    private const double Ln2 = 0.6931471805599453;
    private const double Units = 4_294_967_296; // 2^32 to the person: 2^31 people fit into an int64

    /// <summary>Decayed number of people per movie.</summary>
    /// <param name="histories">Every person's history.</param>
    /// <param name="movies">Number of movies.</param>
    /// <param name="windowDays">What is older does not count.</param>
    /// <param name="halfLifeDays">Days after which a person counts half.</param>
    public static float[] Of(Histories histories, int movies, double windowDays, double halfLifeDays)
    {
        var sums = new long[movies];
        var now = long.MinValue;
        foreach (var at in histories.At)
            now = Math.Max(now, at);
        for (var i = 0; i < histories.Count; i++)
        {
            var days = (now - histories.At[i]) / MillisecondsPerDay;
            if (days <= windowDays)
                sums[histories.All[i]] += (long)(Units * DeterministicMath.Exp(-Ln2 * days / halfLifeDays));
        }

        return Array.ConvertAll(sums, sum => (float)(sum / Units));
    }
}
