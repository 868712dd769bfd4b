using Recs.Training.Fitting;

namespace Recs.Training.Evaluating;

/// <summary>How far a whole evaluation is: one fraction that only grows, whichever fit or list ended last. Safe for any number of threads.</summary>
/// <param name="target">Told; null for nobody.</param>
/// <param name="fits">Fits in all.</param>
internal sealed class EvaluationProgress(IProgress<FitProgress>? target, int fits)
{
    private const double FitShare = 0.8;
    private const double JudgeShare = 0.15; // what is left is for the times of lists
    private readonly Lock _gate = new();
    private readonly double[] _fits = new double[fits];
    private int _judged;
    private double _told;

    /// <summary>Receives the progress of one fit.</summary>
    /// <param name="model">Model name.</param>
    /// <param name="fit">Its number, from 0.</param>
    public IProgress<FitProgress> Fit(string model, int fit) => new OneFit(this, model, fit);

    /// <summary>One more block of people was judged.</summary>
    public void Judged(int blocks)
    {
        lock (_gate)
            Tell("ranking for everybody", FitShare + (JudgeShare * Math.Min(1, (double)++_judged / blocks)));
    }

    /// <summary>A model's lists are timed, or all is done.</summary>
    public void Timed(string phase, double share)
    {
        lock (_gate)
            Tell(phase, FitShare + JudgeShare + ((1 - FitShare - JudgeShare) * share));
    }

    private void Tell(string phase, double fraction)
    {
        _told = Math.Max(_told, Math.Min(1, fraction));
        target?.Report(new(phase, _told));
    }

    private sealed class OneFit(EvaluationProgress all, string model, int fit) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            lock (all._gate)
            {
                all._fits[fit] = Math.Max(all._fits[fit], value.Fraction);
                all.Tell($"fitting {model} ({fit + 1} of {all._fits.Length}), {value.Phase}", FitShare * all._fits.Average());
            }
        }
    }
}
