using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;

namespace Recs.Training.Evaluating.Figures;

/// <summary>A model's figures at one k: those of each judged user, and those of all lists together.</summary>
internal sealed class ListFigures
{
    /// <summary>Length of the lists.</summary>
    public required int K { get; init; }
    /// <summary>Hit ratio of each judged user.</summary>
    public required double[] Hr { get; init; }
    /// <summary>NDCG of each judged user.</summary>
    public required double[] Ndcg { get; init; }
    public required double Precision { get; init; }
    public required double Recall { get; init; }
    public required double Map { get; init; }
    public required double Mrr { get; init; }
    public required double Coverage { get; init; }
    public required double? Gini { get; init; }
    public required double Novelty { get; init; }
    public required double? Diversity { get; init; }
    public required double? PopularityBias { get; init; }
    public required double? Calibration { get; init; }

    /// <summary>Computes. Each user counts once, with the mean over what they were judged by.</summary>
    /// <param name="people">Who was judged; the same user's entries stand together.</param>
    /// <param name="ranked">One per person.</param>
    /// <param name="k">Length of the lists, at most that of those made.</param>
    /// <param name="facts">Of the training data.</param>
    public static ListFigures Of(IReadOnlyList<JudgedPerson> people, RankedPerson[] ranked, int k, TrainFacts facts)
    {
        double[] PerUser(Func<JudgedPerson, RankedPerson, double> figure) => Users.Means(people, [.. people.Select((person, i) => figure(person, ranked[i]))]);
        var exposure = Exposure.Count(ranked.Select(r => r.Movies), k, facts.Train.Movies.Count);
        return new()
        {
            K = k,
            Hr = PerUser((_, r) => RankingMetrics.HitRatio(r.Ranks, k)),
            Ndcg = PerUser((p, r) => RankingMetrics.Ndcg(r.Ranks, p.Targets.Length, k)),
            Precision = PerUser((_, r) => RankingMetrics.Precision(r.Ranks, k)).Average(),
            Recall = PerUser((p, r) => RankingMetrics.Recall(r.Ranks, p.Targets.Length, k)).Average(),
            Map = PerUser((p, r) => RankingMetrics.AveragePrecision(r.Ranks, p.Targets.Length, k)).Average(),
            Mrr = PerUser((_, r) => RankingMetrics.ReciprocalRank(r.BestRank)).Average(),
            Coverage = Exposure.Coverage(exposure),
            Gini = Exposure.Gini(exposure),
            Novelty = ranked.Average(r => First(r, k).Average(movie => facts.Information[movie])),
            Diversity = facts.HasGenres ? Mean(ranked.Select(r => Distance(First(r, k), facts.Masks))) : null,
            PopularityBias = Bias(people, ranked, k, facts),
            Calibration = facts.HasGenres ? Mean(people.Select((p, i) => GenreCalibration.Of(facts.Train.Genres, p.Given, First(ranked[i], k)))) : null,
        };
    }

    private static ArraySegment<int> First(RankedPerson person, int k) => new(person.Movies, 0, Math.Min(k, person.Movies.Length));

    /// <summary>Mean distance of two movies of a list, 1 less the Jaccard index of their genres (Ziegler et al., "Improving Recommendation Lists Through Topic Diversification", 2005).</summary>
    private static double? Distance(ArraySegment<int> list, GenreMasks masks)
    {
        if (list.Count < 2)
            return null;
        var sum = 0.0;
        for (var i = 1; i < list.Count; i++)
            for (var j = 0; j < i; j++)
                sum += 1 - masks.Similarity(list[i], list[j]);
        return sum / (list.Count * (list.Count - 1) / 2.0);
    }

    /// <summary>
    /// Mean popularity of what is listed over mean popularity of what was given, each the mean over people of the mean over movies, people to whom something was given
    /// (Abdollahpouri et al., "The Unfairness of Popularity Bias in Recommendation", 2019, whose figure is this less 1).
    /// </summary>
    private static double? Bias(IReadOnlyList<JudgedPerson> people, RankedPerson[] ranked, int k, TrainFacts facts)
    {
        var (listed, given) = (0.0, 0.0);
        for (var i = 0; i < ranked.Length; i++)
        {
            if (people[i].Given.Length == 0 || ranked[i].Movies.Length == 0)
                continue;
            listed += First(ranked[i], k).Average(movie => facts.Popularity[movie]);
            given += people[i].Given.Average(movie => facts.Popularity[movie]);
        }

        return given > 0 ? listed / given : null;
    }

    private static double? Mean(IEnumerable<double?> figures)
    {
        var (sum, count) = (0.0, 0);
        foreach (var figure in figures)
            if (figure is { } value)
                (sum, count) = (sum + value, count + 1);
        return count == 0 ? null : sum / count;
    }
}
