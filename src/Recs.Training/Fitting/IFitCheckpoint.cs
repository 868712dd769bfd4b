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
}
