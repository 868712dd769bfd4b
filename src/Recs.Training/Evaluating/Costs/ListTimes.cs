using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;
using Recs.Training.Reranking;
using Recs.Training.Scoring;

namespace Recs.Training.Evaluating.Costs;

/// <summary>How long one user's list of 10 takes on one thread, in milliseconds, ascending: scores, what was seen left out, the best ten found, or chosen by a re-ranker.</summary>
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
    public static ListTimes Of(IScorer scorer, RerankChoice? rerank, Split split, TimeProvider clock, CancellationToken cancel)
    {
        var sample = Enumerable.Range(0, Math.Min(Sampled, split.People.Count)).Select(i => split.People[(int)(i * (long)split.People.Count / Math.Min(Sampled, split.People.Count))]).ToList();
        var ask = rerank is null ? Plain(scorer, split) : Reranked(scorer, rerank, split);
        foreach (var person in sample.Take(WarmUp))
            ask(person);
        var milliseconds = new double[sample.Count];
        for (var i = 0; i < sample.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var started = clock.GetTimestamp();
            ask(sample[i]);
            milliseconds[i] = clock.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        return new(milliseconds);
    }

    /// <summary>The time below which a share of the lists was ready.</summary>
    public double At(double share) => _milliseconds[(int)Math.Ceiling(share * _milliseconds.Length) - 1];

    private static Action<JudgedPerson> Plain(IScorer scorer, Split split)
    {
        var (scores, movies, best) = (new float[scorer.Movies.Count], new int[Length], new float[Length]);
        return person =>
        {
            Score(scorer, split, person, scores);
            SlateRanking.TopK(scores, movies, best);
        };
    }

    private static Action<JudgedPerson> Reranked(IScorer scorer, RerankChoice rerank, Split split)
    {
        var (scores, movies, best) = (new float[scorer.Movies.Count], new int[Length], new float[Length]);
        var (reranking, traits) = (new ListReranking(), new TrainTraits(split.Train.Genres, scorer));
        return person =>
        {
            Score(scorer, split, person, scores);
            var found = SlateRanking.TopK(scores, reranking.Movies(Length), reranking.Scores);
            reranking.Take(rerank, found, person.Given, traits, movies, best);
        };
    }

    private static void Score(IScorer scorer, Split split, JudgedPerson person, float[] scores)
    {
        scorer.Score(person.State(split.Train), scores);
        SlateRanking.LeaveOut(scores, person.LeftOut);
    }
}
