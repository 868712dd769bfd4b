using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>How every network learns: epoch after epoch at a rate that rises and falls once, judged after each by what was kept back.</summary>
/// <param name="Phase">What progress calls it.</param>
/// <param name="Parameters">The network's numbers, where the garbage collector does not move them; changed in place.</param>
/// <param name="Movies">Movies that a reader scores.</param>
/// <param name="Kept">Movies that are not learned from.</param>
/// <param name="Epoch">What an epoch, numbered from 0, learns from; every epoch has as many steps.</param>
/// <param name="Reader">Makes a reader of the network as it is.</param>
internal sealed record NetworkFit(string Phase, float[] Parameters, int Movies, KeptBack Kept, Func<int, IEpoch> Epoch, Func<Isa, IHistoryReader> Reader)
{
    /// <summary>Learns; nothing, if there is nobody to learn from.</summary>
    /// <param name="run">Threads, progress, cancellation, checkpoint.</param>
    /// <param name="options">Of them <c>epochs</c>, <c>rate</c> and <c>decay</c>.</param>
    /// <returns>How the epochs went.</returns>
    /// <exception cref="DivergedException">A loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public LearningCurve Run(FitRun run, OptionValues options)
    {
        var epochs = (int)options["epochs"];
        var curve = new LearningCurve(epochs);
        using var descent = new GradientDescent(Parameters, new(options["rate"], options["decay"]));
        Iterations.Run(run, Phase, Kept.IsEmpty ? 0 : epochs, [.. descent.State, curve.Numbers], number =>
        {
            var epoch = Epoch(number);
            var rate = new RateSchedule((long)epoch.Steps * epochs);
            var loss = descent.Run(
                run, epoch, (long)epoch.Steps * number, rate.Share,
                (done, lost) => run.Report(Phase, (number + (done / (double)epoch.Steps)) / epochs, lost, curve.Last(number)));
            using var judge = Reader(run.Compute.Isa);
            var learned = new Learned(loss, Kept.Judge(Movies, judge.Score));
            curve.Add(number, learned);
            return learned;
        });
        return curve;
    }
}
