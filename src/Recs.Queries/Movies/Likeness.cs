using System.Buffers;
using Recs.Training.Scoring;

namespace Recs.Queries.Movies;

/// <summary>
/// How strongly a model joins one movie to the others: its scores for somebody who gave that movie five stars and did nothing else. The scores of a model that predicts ratings
/// are mostly what everybody thinks of a movie, so there it is how many stars more the model expects of that person than of somebody of whom it knows nothing.
/// </summary>
internal static class Likeness
{
    private const byte FiveStars = 10;

    /// <summary>Whether the model joins the movie to any other.</summary>
    public static bool Knows(IScorer scorer, int movie) => scorer.Personalizes(new([movie], [FiveStars]));

    /// <summary>Scores every movie by its likeness to one.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="movie">Dense id of the one.</param>
    /// <param name="likeness">Receives one score per movie of the model.</param>
    public static void Of(IScorer scorer, int movie, Span<float> likeness)
    {
        if (scorer is IRatingPredictor predictor)
            StarsGained(predictor, movie, likeness);
        else
            scorer.Score(new([movie], [FiveStars]), likeness);
    }

    private static void StarsGained(IRatingPredictor predictor, int movie, Span<float> gained)
    {
        var (movies, before) = (ArrayPool<int>.Shared.Rent(gained.Length), ArrayPool<float>.Shared.Rent(gained.Length));
        for (var other = 0; other < gained.Length; other++)
            movies[other] = other;
        predictor.PredictRatings(new([]), movies.AsSpan(0, gained.Length), before.AsSpan(0, gained.Length));
        predictor.PredictRatings(new([movie], [FiveStars]), movies.AsSpan(0, gained.Length), gained);
        for (var other = 0; other < gained.Length; other++)
            gained[other] -= before[other];
        ArrayPool<int>.Shared.Return(movies);
        ArrayPool<float>.Shared.Return(before);
    }
}
