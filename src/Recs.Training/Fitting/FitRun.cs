using Recs.Training.Numerics;

namespace Recs.Training.Fitting;

/// <summary>How far a fit is.</summary>
/// <param name="Phase">What it is doing, such as <c>factor</c>.</param>
/// <param name="Fraction">Done, 0 to 1, over the whole fit.</param>
/// <param name="Loss">What the last iteration lost on the training data, in the model's own terms; null for a fit without iterations.</param>
/// <param name="Validation">What the model then reaches on movies that it does not learn from, NDCG@10; null for a fit that keeps none back.</param>
public readonly record struct FitProgress(string Phase, double Fraction, double? Loss = null, double? Validation = null);

/// <summary>How a fit is carried out. Nothing here changes a byte of the result.</summary>
/// <param name="Threads">Threads at most; 0 for one per processor.</param>
/// <param name="Isa">Instruction set of the kernels; null for the best that the machine has (or <c>RECS_ISA</c>).</param>
/// <param name="Progress">Told about each phase.</param>
/// <param name="Cancel">Stops the fit.</param>
public sealed record FitRun(int Threads = 0, Isa? Isa = null, IProgress<FitProgress>? Progress = null, CancellationToken Cancel = default)
{
    /// <summary>Keeps what is learned between iterations; null to begin from nothing and keep nothing.</summary>
    public IFitCheckpoint? Checkpoint { get; init; }

    /// <summary>The kernels' setting for this run.</summary>
    public Compute Compute => new(Isa ?? InstructionSets.Chosen, Threads == 0 ? Environment.ProcessorCount : Threads);

    /// <summary>Reports progress, or throws if the run was cancelled.</summary>
    public void Report(string phase, double fraction, double? loss = null, double? validation = null)
    {
        Cancel.ThrowIfCancellationRequested();
        Progress?.Report(new(phase, fraction, loss, validation));
    }
}
