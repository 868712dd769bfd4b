namespace Recs.Training.Fitting;

/// <summary>What came of an iteration.</summary>
/// <param name="Loss">What it lost on the training data, in the model's own terms.</param>
/// <param name="Validation">What the model then reaches on movies that it does not learn from, NDCG@10; null if none are kept back.</param>
internal readonly record struct Learned(double Loss, double? Validation = null)
{
    /// <summary>A loss alone.</summary>
    public static implicit operator Learned(double loss) => new(loss);
}

/// <summary>The loop of every fit that learns step by step: progress, cancellation, checkpoints and divergence in one place.</summary>
internal static class Iterations
{
    /// <summary>Runs the iterations that are not done yet.</summary>
    /// <param name="run">Progress, cancellation, checkpoint.</param>
    /// <param name="phase">What progress calls it.</param>
    /// <param name="count">Iterations in all.</param>
    /// <param name="state">All that an iteration reads and changes; overwritten by the checkpoint if there is one of the same shape.</param>
    /// <param name="iterate">Carries out one iteration, numbered from 0, and returns what came of it.</param>
    /// <exception cref="DivergedException">A loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static void Run(FitRun run, string phase, int count, IReadOnlyList<float[]> state, Func<int, Learned> iterate)
    {
        Learned? learned = null;
        for (var done = Restore(run, count, state); done < count; done++)
        {
            run.Report(phase, done / (double)count, learned?.Loss, learned?.Validation);
            learned = iterate(done);
            if (!double.IsFinite(learned.Value.Loss))
                throw new DivergedException(phase, done + 1, learned.Value.Loss);
            run.Checkpoint?.Offer(done + 1, state);
        }

        run.Report(phase, 1, learned?.Loss, learned?.Validation);
    }

    private static int Restore(FitRun run, int count, IReadOnlyList<float[]> state)
    {
        if (run.Checkpoint?.Load() is not { } kept || kept.Iterations > count || !kept.State.Select(a => a.Length).SequenceEqual(state.Select(a => a.Length)))
            return 0;
        for (var i = 0; i < state.Count; i++)
            kept.State[i].CopyTo(state[i], 0);
        return kept.Iterations;
    }
}
