namespace Recs.Training.Scoring;

/// <summary>A scorer that also says how a person would rate. Its scores need not be ratings: what ranks best and what predicts stars best may differ.</summary>
public interface IRatingPredictor : IScorer
{
    /// <summary>Predicts ratings. Pure, like <see cref="IScorer.Score"/>; allocates nothing.</summary>
    /// <param name="user">The person; a movie that they rated is predicted as if it were rated anew.</param>
    /// <param name="movies">Dense movie ids.</param>
    /// <param name="stars">Receives one rating per movie, within the scale that the model was fitted on (never outside 0.5 to 5).</param>
    void PredictRatings(in UserState user, ReadOnlySpan<int> movies, Span<float> stars);
}
