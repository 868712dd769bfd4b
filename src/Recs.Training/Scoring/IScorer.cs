using Recs.Training.Snapshots;

namespace Recs.Training.Scoring;

/// <summary>
/// A fitted model, opened for answers. Scoring is pure: the same artifact and history give the same bits on any machine. Safe for any number of
/// callers at once. <see cref="IDisposable.Dispose"/> unmaps the files and must not race with a call; a scorer that is merely dropped is
/// freed by the garbage collector, so a server that swaps models need not dispose the old one.
/// </summary>
public interface IScorer : IDisposable
{
    /// <summary>Version of the scoring arithmetic; a slate records it.</summary>
    int ScorerVersion { get; }

    /// <summary>The movies that the model can score, by dense id in ordinal order.</summary>
    IdMap Movies { get; }

    /// <summary>Whether the history shapes the scores; if not, <see cref="Score"/> answers from the popularity frozen in the artifact.</summary>
    /// <param name="user">The person.</param>
    bool Personalizes(in UserState user);

    /// <summary>Whether the scores, which no history shapes, are what is popular with people of the person's age and gender rather than with everybody.</summary>
    /// <param name="user">The person.</param>
    bool AnswersByGroup(in UserState user) => false;

    /// <summary>Scores every movie, those of the history included; higher is better. Allocates nothing.</summary>
    /// <param name="user">The person.</param>
    /// <param name="scores">One finite score per movie of <see cref="Movies"/>.</param>
    void Score(in UserState user, Span<float> scores);

    /// <summary>
    /// Says what carried a movie's score. Allocates nothing. In a linear model the shares sum to the score up to rounding; another kind documents what its shares mean.
    /// </summary>
    /// <param name="user">The person that <see cref="Score"/> was given.</param>
    /// <param name="movie">Dense id of the movie to explain.</param>
    /// <param name="shares">One per movie of the history, in units of the score: what the score would lack without it; 0 for a movie that carried nothing.</param>
    /// <returns>False if the history did not shape the score (see <see cref="Personalizes"/>); the shares are then all 0.</returns>
    bool Explain(in UserState user, int movie, Span<float> shares);
}
