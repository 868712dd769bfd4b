using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>What a network learns from in one epoch: steps, each made of parts that are computed independently of each other and whose gradients are added in order.</summary>
internal interface IEpoch
{
    /// <summary>Steps of the epoch.</summary>
    int Steps { get; }

    /// <summary>Computes the loss of a part of a step on a tape that learns. May be called by any thread.</summary>
    /// <param name="tape">Tape, cleared.</param>
    /// <param name="step">Step of the epoch, from 0.</param>
    /// <param name="part">Part of the step, from 0 to <see cref="GradientDescent.Parts"/> - 1; some may be empty.</param>
    /// <returns>The part's share of the step's loss.</returns>
    double Loss(Tape tape, int step, int part);
}

/// <summary>
/// Learns the parameters of a network step by step. A step's rows are dealt out in a fixed number of parts, whatever the number of threads; each part has gradients of its own, which
/// are added in order when the parameters move, so that the same seed gives the same bytes on any number of threads.
/// </summary>
internal sealed unsafe class GradientDescent : IDisposable
{
    /// <summary>Parts of a step: so many threads can take part.</summary>
    public const int Parts = 4;

    private const int ParametersAtATime = 1 << 14;
    private readonly float[] _values;
    private readonly float[] _means;
    private readonly float[] _squares;
    private readonly AdamRule _rule;
    private readonly Matrix _gradients;

    /// <summary>Begins with the given parameters.</summary>
    /// <param name="parameters">As drawn by <see cref="ParameterLayout.Draw"/>; changed in place.</param>
    /// <param name="rule">How they move.</param>
    public GradientDescent(float[] parameters, AdamRule rule)
    {
        (_values, _rule) = (parameters, rule);
        _means = GC.AllocateArray<float>(parameters.Length, pinned: true);
        _squares = GC.AllocateArray<float>(parameters.Length, pinned: true);
        _gradients = new(Parts, parameters.Length);
    }

    /// <summary>All that a step reads and changes: parameters and what Adam remembers.</summary>
    public IReadOnlyList<float[]> State => [_values, _means, _squares];

    /// <summary>Carries out an epoch.</summary>
    /// <param name="run">Threads, instruction set, cancellation.</param>
    /// <param name="epoch">What to learn from.</param>
    /// <param name="before">Steps carried out before this epoch.</param>
    /// <param name="share">Share of the greatest rate, by number of the step from 0.</param>
    /// <param name="told">Told how many steps are done and what the last one lost; called by any of the threads, one at a time.</param>
    /// <returns>Mean loss of the steps.</returns>
    public double Run(FitRun run, IEpoch epoch, long before, Func<long, double> share, Action<int, double>? told = null)
    {
        var losses = new double[epoch.Steps, Parts];
        using var tapes = new Tapes(run.Compute.Isa, _values, _gradients);
        var blocks = (_values.Length + ParametersAtATime - 1) / ParametersAtATime;
        Workers.RunPhases(run.Compute.Threads, 2 * epoch.Steps, Math.Max(Parts, blocks), (phase, job) =>
        {
            var step = phase / 2;
            if (phase % 2 == 0 && job < Parts)
            {
                run.Cancel.ThrowIfCancellationRequested();
                losses[step, job] = tapes.Learn(job, tape => epoch.Loss(tape, step, job));
            }
            else if (phase % 2 == 1 && job < blocks)
            {
                Move(run.Compute.Isa, job * ParametersAtATime, before + step, share);
                if (job == 0)
                    told?.Invoke(step + 1, Total(losses, step));
            }
        });
        var sum = 0.0;
        for (var step = 0; step < epoch.Steps; step++)
            sum += Total(losses, step);
        return sum / epoch.Steps;
    }

    /// <inheritdoc />
    public void Dispose() => _gradients.Dispose();

    private void Move(Isa isa, int from, long step, Func<long, double> share)
    {
        var count = Math.Min(ParametersAtATime, _values.Length - from);
        fixed (float* values = _values, means = _means, squares = _squares)
            _rule.Step(isa, new(values + from, means + from, squares + from, _gradients.Pointer + from, Parts, _gradients.Stride, count), step + 1, share(step));
    }

    private static double Total(double[,] losses, int step)
    {
        var total = 0.0;
        for (var part = 0; part < Parts; part++)
            total += losses[step, part];
        return total;
    }

    /// <summary>One tape per part, whichever thread works on it.</summary>
    private sealed class Tapes : IDisposable
    {
        private readonly Tape[] _tapes = new Tape[Parts];
        private readonly Matrix _gradients;

        public Tapes(Isa isa, float[] values, Matrix gradients)
        {
            _gradients = gradients;
            fixed (float* first = values) // pinned for good
                for (var part = 0; part < Parts; part++)
                    _tapes[part] = new(isa, first, gradients.Pointer + ((nint)part * gradients.Stride));
        }

        public double Learn(int part, Func<Tape, double> lose)
        {
            _gradients.Row(part).Clear();
            var loss = lose(_tapes[part]);
            _tapes[part].Backward();
            _tapes[part].Clear();
            return loss;
        }

        public void Dispose()
        {
            foreach (var tape in _tapes)
                tape?.Dispose();
        }
    }
}
