using Recs.Training.Scoring;

namespace Recs.Training.Evaluating;

/// <summary>What a scorer did for every user of a split.</summary>
/// <param name="Ranks">Rank of the held-out movie per evaluated user, users in ordinal order.</param>
/// <param name="ListedMovies">Per k how many distinct movies were in at least one list of k.</param>
/// <param name="Milliseconds">Time of one list of 10 per evaluated user, ascending.</param>
public sealed record RankedUsers(int[] Ranks, IReadOnlyDictionary<int, int> ListedMovies, double[] Milliseconds)
{
    /// <summary>The list length that is timed.</summary>
    private const int TimedLength = 10;

    /// <summary>Scores and ranks every user with a held-out movie.</summary>
    public static RankedUsers Of(
        IScorer scorer, LeaveLastOutSplit split, IReadOnlyList<int> ks, TimeProvider clock, string model = "", SlateCsv? slates = null, CancellationToken cancel = default)
    {
        var movies = split.Train.Movies;
        var scores = new float[movies.Count];
        var ranks = new List<int>();
        var milliseconds = new List<double>();
        var listed = ks.ToDictionary(k => k, _ => new HashSet<int>());
        var timed = new int[TimedLength];
        var timedScores = new float[TimedLength];
        var list = new JudgedList(ks.Max());
        for (var user = 0; user < split.HeldOut.Count; user++)
        {
            if (split.HeldOut[user] < 0)
                continue;
            cancel.ThrowIfCancellationRequested();
            var started = clock.GetTimestamp();
            var history = split.Histories.Of(user);
            scorer.Score(new(history, split.Histories.HalfStarsOf(user), split.Train.Demographics[user]), scores);
            SlateRanking.LeaveOut(scores, history);
            SlateRanking.TopK(scores, timed, timedScores);
            milliseconds.Add(clock.GetElapsedTime(started).TotalMilliseconds);

            ranks.Add(LeaveLastOut.Rank(scores, split.HeldOut[user]));
            list.Fill(scores, split.HeldOut[user], ranks[^1]);
            foreach (var (k, seen) in listed)
                seen.UnionWith(list.Movies[..Math.Min(k, list.Movies.Length)].ToArray());
            slates?.Write(model, split.Train.Users[user], movies.Ids, list.Movies, list.Scores);
        }

        milliseconds.Sort();
        return new([.. ranks], listed.ToDictionary(l => l.Key, l => l.Value.Count), [.. milliseconds]);
    }

    /// <summary>The time below which a share of the lists was ready.</summary>
    public double MillisecondsAt(double share) => Milliseconds[(int)Math.Ceiling(share * Milliseconds.Length) - 1];
}
