using Recs.Training.Snapshots;

namespace Recs.Training.Scoring;

/// <summary>
/// A fitted model, opened for answers. Scoring is pure: the same artifact and history give the same bits on any machine. Safe for any number of
/// callers at once. <see cref="IDisposable.Dispose"/> unmaps the files and must not race with a call; a scorer that is merely dropped is
/// unmapped by the garbage collector, so a server that swaps models need not dispose the old one.
/// </summary>
public interface IScorer : IDisposable
{
    /// <summary>Version of the scoring arithmetic; a slate records it.</summary>
    int ScorerVersion { get; }

    /// <summary>The movies that the model can score, by dense id in ordinal order.</summary>
    IdMap Movies { get; }

    /// <summary>Whether the history shapes the scores; if not, <see cref="Score"/> answers from the popularity frozen in the artifact.</summary>
    /// <param name="history">Distinct dense movie ids, oldest first.</param>
    bool Personalizes(ReadOnlySpan<int> history);

    /// <summary>Scores every movie, those of the history included; higher is better. Allocates nothing.</summary>
    /// <param name="history">Distinct dense movie ids, oldest first; empty for a person of whom nothing is known.</param>
    /// <param name="scores">One finite score per movie of <see cref="Movies"/>.</param>
    void Score(ReadOnlySpan<int> history, Span<float> scores);
}
