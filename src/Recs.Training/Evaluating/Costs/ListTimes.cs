using Recs.Training.Evaluating.Protocols;
using Recs.Training.Scoring;

namespace Recs.Training.Evaluating.Costs;

/// <summary>How long one user's list of 10 takes on one thread, in milliseconds, ascending: scores, what was seen left out, the best ten found.</summary>
internal sealed class ListTimes
{
    private const int Length = 10;
    private const int Sampled = 1000;
    private const int WarmUp = 100;
    private readonly double[] _milliseconds;

    private ListTimes(double[] milliseconds) => _milliseconds = milliseconds;

    /// <summary>Lists per second.</summary>
    public double UsersPerSecond => _milliseconds.Length * 1000 / _milliseconds.Sum();

    /// <summary>
    /// Times a fixed sample of the people, evenly spread, one after the other. Nothing else may run meanwhile; the first hundred are asked once before, so that the model's
    /// file is in memory and its code compiled, as on a server.
    /// </summary>
    public static ListTimes Of(IScorer scorer, Split split, TimeProvider clock, CancellationToken cancel)
    {
        var sample = Enumerable.Range(0, Math.Min(Sampled, split.People.Count)).Select(i => split.People[(int)(i * (long)split.People.Count / Math.Min(Sampled, split.People.Count))]).ToList();
        var (scores, movies, best) = (new float[scorer.Movies.Count], new int[Length], new float[Length]);
        foreach (var person in sample.Take(WarmUp))
            List(scorer, split, person, scores, movies, best);
        var milliseconds = new double[sample.Count];
        for (var i = 0; i < sample.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var started = clock.GetTimestamp();
            List(scorer, split, sample[i], scores, movies, best);
            milliseconds[i] = clock.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        return new(milliseconds);
    }

    /// <summary>The time below which a share of the lists was ready.</summary>
    public double At(double share) => _milliseconds[(int)Math.Ceiling(share * _milliseconds.Length) - 1];

    private static void List(IScorer scorer, Split split, JudgedPerson person, float[] scores, int[] movies, float[] best)
    {
        scorer.Score(person.State(split.Train), scores);
        SlateRanking.LeaveOut(scores, person.LeftOut);
        SlateRanking.TopK(scores, movies, best);
    }
}
