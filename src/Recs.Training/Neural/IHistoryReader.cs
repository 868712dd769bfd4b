using Recs.Training.Scoring;

namespace Recs.Training.Neural;

/// <summary>
/// Reads histories with a network, in memory that it keeps: for one caller at a time. A person's numbers are made at every call, from the history as it is then, so that a new rating
/// counts at once. Allocates nothing once it has met the longest history.
/// </summary>
internal interface IHistoryReader : IDisposable
{
    /// <summary>Scores every movie.</summary>
    /// <param name="user">Somebody with a history.</param>
    /// <param name="scores">One per movie.</param>
    void Score(in UserState user, Span<float> scores);

    /// <summary>Says what a movie's score would lack without each of the most recent movies.</summary>
    /// <param name="user">Somebody with a history.</param>
    /// <param name="movie">Movie that is scored.</param>
    /// <param name="shares">One per movie of the history; those of older movies are left alone.</param>
    void Explain(in UserState user, int movie, Span<float> shares);
}
