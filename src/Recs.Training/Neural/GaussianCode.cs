using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>
/// Draws a code from a normal distribution whose mean and variance a network gives, z = mean + noise e^(logVariance / 2), and charges for how far the distribution is from the
/// standard one: ½ Σ (mean² + e^logVariance - logVariance - 1), the Kullback-Leibler divergence (Kingma and Welling, "Auto-Encoding Variational Bayes", 2014). Only on a tape that
/// learns; otherwise the code is the mean and free.
/// </summary>
internal static unsafe class GaussianCode
{
    /// <summary>Draws.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="mean">One row per code.</param>
    /// <param name="logVariance">One row per code.</param>
    /// <param name="noise">Where the noise comes from.</param>
    /// <param name="firstDraw">Number of the first draw; another one at every call of a training.</param>
    /// <param name="price">What a unit of divergence costs.</param>
    /// <param name="cost">Divergence of all rows times its price.</param>
    /// <returns>The codes.</returns>
    public static Node Apply(Tape tape, Node mean, Node logVariance, NormalNoise noise, ulong firstDraw, float price, out double cost)
    {
        cost = 0;
        if (!tape.Learns)
            return mean;
        var z = tape.Result(mean.Rows, mean.Columns);
        var drawn = tape.Arena.Take<float>(z.Count);
        noise.Fill(drawn, z.Count, firstDraw);
        var divergence = stackalloc float[1];
        for (var row = 0; row < z.Rows; row++)
        {
            LaneKernels.Run(tape.Isa, new Draw(mean.Part(row, 1), logVariance.Part(row, 1), z.Part(row, 1), drawn + ((nint)row * z.Columns), divergence));
            cost += *divergence;
        }

        cost *= price;
        Record(tape, mean, logVariance, z, (nint)drawn, price);
        return z;
    }

    private static void Record(Tape tape, Node mean, Node logVariance, Node z, nint noise, float price)
        => tape.Record(() => LaneKernels.Run(tape.Isa, new Gradients(mean, logVariance, z, (float*)noise, price)));

    private readonly struct Draw(Node mean, Node logVariance, Node z, float* noise, float* divergence) : ILaneKernel
    {
        private readonly Node _mean = mean, _logVariance = logVariance, _z = z;
        private readonly float* _noise = noise, _divergence = divergence;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            TLanes sum = TLanes.Zero, half = TLanes.All(0.5f), one = TLanes.All(1);
            for (var i = 0; i < _z.Count; i += Lanes.Count)
            {
                TLanes mean = TLanes.Load(_mean.Value + i), logVariance = TLanes.Load(_logVariance.Value + i);
                var deviation = LaneMath<TLanes>.Exp(TLanes.Multiply(half, logVariance));
                TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(_noise + i), deviation, mean), _z.Value + i);
                var apart = TLanes.Subtract(TLanes.MultiplyAdd(deviation, deviation, TLanes.Multiply(mean, mean)), TLanes.Add(logVariance, one));
                sum = TLanes.MultiplyAdd(half, apart, sum);
            }

            *_divergence = TLanes.Sum(sum);
        }
    }

    private readonly struct Gradients(Node mean, Node logVariance, Node z, float* noise, float price) : ILaneKernel
    {
        private readonly Node _mean = mean, _logVariance = logVariance, _z = z;
        private readonly float* _noise = noise;
        private readonly float _price = price;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            TLanes price = TLanes.All(_price), half = TLanes.All(0.5f);
            for (var i = 0; i < _z.Count; i += Lanes.Count)
            {
                TLanes slope = TLanes.Load(_z.Gradient + i), logVariance = TLanes.Load(_logVariance.Value + i);
                var ofMean = TLanes.MultiplyAdd(price, TLanes.Load(_mean.Value + i), slope);
                TLanes.Store(TLanes.Add(ofMean, TLanes.Load(_mean.Gradient + i)), _mean.Gradient + i);
                var deviation = LaneMath<TLanes>.Exp(TLanes.Multiply(half, logVariance));
                var ofDeviation = TLanes.MultiplyAdd(slope, TLanes.Load(_noise + i), TLanes.Multiply(price, deviation));
                var twice = TLanes.Subtract(TLanes.Multiply(deviation, ofDeviation), price);
                TLanes.Store(TLanes.MultiplyAdd(half, twice, TLanes.Load(_logVariance.Gradient + i)), _logVariance.Gradient + i);
            }
        }
    }
}
