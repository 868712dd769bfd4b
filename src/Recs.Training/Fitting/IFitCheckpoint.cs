using Recs.Training.Artifacts;

namespace Recs.Training.Fitting;

/// <summary>State of a fit between two iterations.</summary>
/// <param name="Iterations">Iterations done, from 1.</param>
/// <param name="State">All that the next iteration reads and a fit from nothing would have learned by then, in the fit's own order.</param>
public sealed record KeptFit(int Iterations, IReadOnlyList<float[]> State);

/// <summary>Where a long fit keeps what it has learned, so that a new process goes on instead of beginning again. It changes no byte of the result.</summary>
public interface IFitCheckpoint
{
    /// <summary>What was kept last; null if nothing was.</summary>
    KeptFit? Load();

    /// <summary>Offers the state after an iteration. It is kept (copied) if enough time has passed since the last one.</summary>
    /// <param name="iterations">Iterations done, from 1.</param>
    /// <param name="state">The arrays that the fit goes on to write to.</param>
    void Offer(int iterations, IReadOnlyList<float[]> state);

    /// <summary>The checkpoint of a fit inside this fit, such as that of a blend's member.</summary>
    /// <param name="name">1 to 64 letters, digits and dashes; another name is another checkpoint.</param>
    /// <returns>Null if parts are not kept.</returns>
    IFitCheckpoint? Part(string name) => null;

    /// <summary>The model that this fit gave, if it was done and kept; null if not. Whoever asked disposes it.</summary>
    ArtifactFiles? LoadModel() => null;

    /// <summary>Offers what this fit gave. It is kept instead of the state of the iterations, if the fit took long enough.</summary>
    void OfferModel(Artifact model)
    {
    }
}
