using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.People;

/// <summary>Scores by a network for whoever has a history, and by popularity for everybody else. It holds no file: the parameters were copied when it was opened.</summary>
/// <param name="reader">Reads histories; disposed with this.</param>
/// <param name="movies">Movies that it scores.</param>
/// <param name="strangers">Answer to people without a history, over the movies that the model was fitted with.</param>
/// <param name="place">Where each of those stands among <paramref name="movies"/>.</param>
internal class TowerScorer(IHistoryReader reader, IdMap movies, ColdStart strangers, int[] place) : IScorer
{
    /// <inheritdoc />
    public int ScorerVersion => 1;

    /// <inheritdoc />
    public IdMap Movies => movies;

    /// <inheritdoc />
    public bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    /// <inheritdoc />
    public bool AnswersByGroup(in UserState user) => strangers.AnswersByGroup(user);

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (Personalizes(user))
            reader.Score(user, scores);
        else
            strangers.Score(user, scores, place);
    }

    /// <summary>
    /// The share of a movie is what the score would lack if it had never been seen. Those older than the newest that the reader looks at have none, and the shares need
    /// not sum to the score.
    /// </summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares = shares[..user.Movies.Length];
        shares.Clear();
        if (!Personalizes(user))
            return false;
        reader.Explain(user, movie, shares);
        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        reader.Dispose();
        GC.SuppressFinalize(this);
    }
}
