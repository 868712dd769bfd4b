using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>How parameters follow their gradients (Kingma and Ba, "Adam", 2015; decay apart from the gradient as in Loshchilov and Hutter, 2019).</summary>
/// <param name="Rate">Size of a step at its greatest.</param>
/// <param name="Decay">Share of each number, times the rate, that is taken off at every step.</param>
internal readonly record struct AdamRule(double Rate, double Decay = 0)
{
    private const double Momentum = 0.9;
    private const double Memory = 0.98; // of the squares: the choice of Vaswani et al., 2017
    private const float Epsilon = 1e-8f;

    /// <summary>One step of some parameters.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="at">The parameters, what they remember, and their gradients in the parts that are added up in order.</param>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="share">Share of <see cref="Rate"/> that this step has.</param>
    public void Step(Isa isa, AdamRange at, long step, double share)
    {
        var rate = Rate * share * Math.Sqrt(1 - DeterministicMath.Exp(step * DeterministicMath.Log(Memory))) / (1 - DeterministicMath.Exp(step * DeterministicMath.Log(Momentum)));
        LaneKernels.Run(isa, new Kernel(at, (float)rate, (float)(1 - (Rate * share * Decay))));
    }

    private readonly unsafe struct Kernel(AdamRange at, float rate, float keep) : ILaneKernel
    {
        private readonly AdamRange _at = at;
        private readonly float _rate = rate, _keep = keep;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            TLanes momentum = TLanes.All((float)Momentum), rest = TLanes.All((float)(1 - Momentum)), memory = TLanes.All((float)Memory), news = TLanes.All((float)(1 - Memory));
            TLanes epsilon = TLanes.All(Epsilon), rate = TLanes.All(-_rate), keep = TLanes.All(_keep);
            for (var i = 0; i < _at.Count; i += Lanes.Count)
            {
                var g = TLanes.Load(_at.Gradients + i);
                for (var part = 1; part < _at.Parts; part++)
                    g = TLanes.Add(g, TLanes.Load(_at.Gradients + (part * _at.PartStep) + i));
                var m = TLanes.MultiplyAdd(momentum, TLanes.Load(_at.Means + i), TLanes.Multiply(rest, g));
                var v = TLanes.MultiplyAdd(memory, TLanes.Load(_at.Squares + i), TLanes.Multiply(news, TLanes.Multiply(g, g)));
                TLanes.Store(m, _at.Means + i);
                TLanes.Store(v, _at.Squares + i);
                var change = TLanes.Multiply(rate, TLanes.Divide(m, TLanes.Add(TLanes.SquareRoot(v), epsilon)));
                TLanes.Store(TLanes.MultiplyAdd(keep, TLanes.Load(_at.Values + i), change), _at.Values + i);
            }
        }
    }
}

/// <summary>A range of parameters.</summary>
/// <param name="values">The numbers.</param>
/// <param name="means">Running means of the gradient.</param>
/// <param name="squares">Running means of its squares.</param>
/// <param name="gradients">The gradient's first part.</param>
/// <param name="parts">Parts that add up to the gradient.</param>
/// <param name="partStep">Numbers from one part to the next.</param>
/// <param name="count">How many parameters, a multiple of 16.</param>
internal readonly unsafe struct AdamRange(float* values, float* means, float* squares, float* gradients, int parts, nint partStep, int count)
{
    public readonly float* Values = values, Means = means, Squares = squares, Gradients = gradients;
    public readonly int Parts = parts, Count = count;
    public readonly nint PartStep = partStep;
}
