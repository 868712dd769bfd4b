using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Queries.Tests;

/// <summary>Ranks movies by their id, the last one first, and predicts stars by a table that has nothing to do with it; each half star of the history adds a hundredth to the first movie, two to the second, and so on.</summary>
internal sealed class StarsScorer(IReadOnlyDictionary<string, float> stars) : IRatingPredictor
{
    /// <summary>A known group, if any.</summary>
    public string? Gender { get; init; }

    public int ScorerVersion => 1;
    public IdMap Movies { get; } = IdMap.Of(stars.Keys);
    public bool Personalizes(in UserState user) => user.Movies.Length > 0;
    public bool AnswersByGroup(in UserState user) => user.Movies.IsEmpty && Gender is not null && user.Demographics.Gender == Gender;

    public void Score(in UserState user, Span<float> scores)
    {
        for (var movie = 0; movie < scores.Length; movie++)
            scores[movie] = movie + 1;
    }

    public void PredictRatings(in UserState user, ReadOnlySpan<int> movies, Span<float> target)
    {
        var heard = 0;
        for (var place = 0; place < user.Movies.Length; place++)
            heard += user.HalfStarsAt(place);
        for (var i = 0; i < movies.Length; i++)
            target[i] = stars[Movies[movies[i]]] + (heard * (movies[i] + 1) / 100f);
    }

    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares[..user.Movies.Length].Fill(1);
        return user.Movies.Length > 0;
    }

    public void Dispose()
    {
        // holds nothing
    }
}
