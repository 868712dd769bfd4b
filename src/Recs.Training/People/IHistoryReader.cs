using Recs.Training.Scoring;

namespace Recs.Training.People;

/// <summary>Reads a history with a network, at every call anew, so that a new rating counts at once. Safe for any number of callers.</summary>
internal interface IHistoryReader : IDisposable
{
    /// <summary>Scores every movie.</summary>
    /// <param name="user">Somebody with a history.</param>
    /// <param name="scores">One per movie.</param>
    void Score(in UserState user, Span<float> scores);

    /// <summary>What a movie's score would lack if one of the history had never been seen, for each of the newest ones.</summary>
    /// <param name="user">Somebody with a history.</param>
    /// <param name="movie">Movie that is scored.</param>
    /// <param name="shares">One per movie of the history; those of older movies are left alone.</param>
    void Explain(in UserState user, int movie, Span<float> shares);
}
