using Recs.Training.Evaluating.Protocols;
using Recs.Training.Reranking;
using Recs.Training.Scoring;

namespace Recs.Training.Evaluating.Ranking;

/// <summary>What a model's scores mean for somebody: where the targets ended up, and the list. Ranks count from 1; equal scores count against the model.</summary>
/// <param name="BestRank">Rank of the best target among all candidates.</param>
/// <param name="Ranks">Ranks of the targets that are in the list, ascending.</param>
/// <param name="Movies">The list: dense movie ids, best first, a target behind all others of its score.</param>
/// <param name="Scores">Their scores.</param>
internal sealed record RankedPerson(int BestRank, int[] Ranks, int[] Movies, float[] Scores)
{
    /// <summary>Ranks.</summary>
    /// <param name="scores">One finite score per movie of the data set; overwritten.</param>
    /// <param name="person">Who is judged.</param>
    /// <param name="length">Movies in a full list.</param>
    /// <exception cref="InvalidDataException">A score is not a finite number, so that nothing could be said about ranks.</exception>
    public static RankedPerson Of(Span<float> scores, JudgedPerson person, int length)
    {
        foreach (var score in scores)
            if (!float.IsFinite(score))
                throw new InvalidDataException($"A score is {score}: a scorer must give every movie a finite one.");
        SlateRanking.LeaveOut(scores, person.LeftOut);
        var byScore = new (float Score, int Movie)[person.Targets.Length];
        for (var i = 0; i < byScore.Length; i++)
            byScore[i] = (scores[person.Targets[i]], person.Targets[i]);
        Array.Sort(byScore, static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Movie.CompareTo(b.Movie));
        var targets = Array.ConvertAll(byScore, t => t.Movie);
        var targetScores = Array.ConvertAll(byScore, t => t.Score);

        SlateRanking.LeaveOut(scores, targets);
        var (others, otherScores) = (new int[length], new float[length]);
        var found = SlateRanking.TopK(scores, others, otherScores);
        return Merge(AtLeast(scores, targetScores[0]) + 1, others.AsSpan(0, found), otherScores, targets, targetScores, length);
    }

    /// <summary>
    /// Ranks by the list that a re-ranker chooses, and behind it by the scores of all others. It chooses among candidates in the order of <see cref="Of"/>, so equal scores
    /// count against the model here, too.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    /// <param name="scores">One finite score per movie of the data set; overwritten.</param>
    /// <param name="person">Who is judged.</param>
    /// <param name="length">Movies in a full list.</param>
    /// <param name="choice">Re-ranker and weight.</param>
    /// <param name="reranking">Memory.</param>
    /// <param name="traits">Genres and popularity.</param>
    public static RankedPerson Reranked(Span<float> scores, JudgedPerson person, int length, RerankChoice choice, ListReranking reranking, IMovieTraits traits)
    {
        var best = 0;
        for (var i = 1; i < person.Targets.Length; i++)
            best = scores[person.Targets[i]] > scores[person.Targets[best]] ? i : best;
        var bestScore = scores[person.Targets[best]];
        var byScore = Of(scores, person, ListReranking.CandidatesFor(length));
        byScore.Movies.CopyTo(reranking.Movies(length));
        byScore.Scores.CopyTo(reranking.Scores);
        var (movies, chosen) = (new int[length], new float[length]);
        var count = reranking.Take(choice, byScore.Movies.Length, person.Given, traits, movies, chosen);
        (movies, chosen) = (movies[..count], chosen[..count]);
        var ranks = Enumerable.Range(1, count).Where(rank => person.Targets.Contains(movies[rank - 1])).ToArray();
        var ahead = chosen.Count(score => score >= bestScore); // of the best target, wherever the re-ranker put them
        return new(ranks.Length > 0 ? ranks[0] : byScore.BestRank + count - ahead, ranks, movies, chosen);
    }

    private static RankedPerson Merge(int bestRank, ReadOnlySpan<int> others, float[] otherScores, int[] targets, float[] targetScores, int length)
    {
        var count = Math.Min(length, others.Length + targets.Length);
        var (movies, scores, ranks) = (new int[count], new float[count], new List<int>());
        for (int place = 0, other = 0; place < count; place++)
        {
            var target = ranks.Count;
            if (other < others.Length && (target == targets.Length || otherScores[other] >= targetScores[target]))
                (movies[place], scores[place]) = (others[other], otherScores[other++]);
            else
            {
                (movies[place], scores[place]) = (targets[target], targetScores[target]);
                ranks.Add(place + 1);
            }
        }

        return new(bestRank, [.. ranks], movies, scores);
    }

    private static int AtLeast(ReadOnlySpan<float> scores, float target)
    {
        var count = 0;
        foreach (var score in scores)
            count += score >= target ? 1 : 0;
        return count;
    }
}
