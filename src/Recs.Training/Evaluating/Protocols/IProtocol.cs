using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Protocols;

/// <summary>
/// A rule that cuts a data set into what models may see and what they are judged by. Figures of different protocols are never compared, so the name of the protocol
/// stands beside every figure.
/// </summary>
public interface IProtocol
{
    /// <summary>Name on every surface, such as <c>leave-last-out</c>.</summary>
    string Name { get; }

    /// <summary>Whether predicted ratings are judged; if not, ranked lists are.</summary>
    bool PredictsRatings { get; }

    /// <summary>Cuts. One split, or one per fold.</summary>
    /// <param name="ratings">Ratings alone (<see cref="InteractionSet.RatingsOnly"/>) in the order of time (<see cref="TimeOrder"/>).</param>
    /// <param name="seed">Key of every draw.</param>
    IReadOnlyList<Split> Cut(InteractionSet ratings, ulong seed);

    /// <summary>
    /// The cut that hyper-parameters are chosen on: what is judged in the end is taken away first, and the same rule is applied to the rest. So nothing that a
    /// reported figure rests on can shape a choice.
    /// </summary>
    /// <inheritdoc cref="Cut"/>
    Split CutForTuning(InteractionSet ratings, ulong seed) => Cut(Cut(ratings, seed)[0].Train, ~seed)[0];
}
