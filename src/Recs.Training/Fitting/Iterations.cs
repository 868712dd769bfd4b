namespace Recs.Training.Fitting;

/// <summary>The loop of every fit that learns step by step: progress, cancellation, checkpoints and divergence in one place.</summary>
internal static class Iterations
{
    /// <summary>Runs the iterations that are not done yet.</summary>
    /// <param name="run">Progress, cancellation, checkpoint.</param>
    /// <param name="phase">What progress calls it.</param>
    /// <param name="count">Iterations in all.</param>
    /// <param name="state">All that an iteration reads and changes; overwritten by the checkpoint if there is one of the same shape.</param>
    /// <param name="iterate">Carries out one iteration, numbered from 0, and returns its loss.</param>
    /// <exception cref="DivergedException">A loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static void Run(FitRun run, string phase, int count, IReadOnlyList<float[]> state, Func<int, double> iterate)
    {
        double? loss = null;
        for (var done = Restore(run, count, state); done < count; done++)
        {
            run.Report(phase, done / (double)count, loss);
            loss = iterate(done);
            if (!double.IsFinite(loss.Value))
                throw new DivergedException(phase, done + 1, loss.Value);
            run.Checkpoint?.Offer(done + 1, state);
        }

        run.Report(phase, 1, loss);
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
