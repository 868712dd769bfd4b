using System.Diagnostics;
using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Benchmarks.Training;

/// <summary>
/// The kernels that networks learn with, on one core, forwards and backwards, in the sizes that a step of a transformer over MovieLens 1M has: matrix work beside what the core can do on registers
/// alone, passes over memory beside a copy of as many bytes.
/// </summary>
internal static unsafe class NetworkKernels
{
    private const int Width = 64;
    private const int Movies = 3_706;
    private const int Windows = 8; // a part of a step
    private const int WindowRows = 100;
    private const int Rows = Windows * WindowRows;
    private const int Distances = 208;
    private const int SeenMovies = 165;

    /// <summary>The rows of an instruction set.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="peak">Its GFLOP/s on registers alone.</param>
    /// <param name="cancel">Ends the measuring.</param>
    public static IEnumerable<BenchmarkRow> Measure(Isa isa, double peak, CancellationToken cancel)
    {
        var name = isa.ToString().ToLowerInvariant();
        foreach (var width in (int[])[Width, 2 * Width])
        {
            cancel.ThrowIfCancellationRequested();
            yield return new($"kernels.softmax-loss.{name}.width-{width}", SoftmaxLoss(isa, width), "GFLOP/s", "fused multiply-adds on registers alone, one core", peak);
        }

        cancel.ThrowIfCancellationRequested();
        yield return new($"kernels.attention.{name}", Attention(isa, default), "GFLOP/s", "fused multiply-adds on registers alone, one core", peak);
        cancel.ThrowIfCancellationRequested();
        yield return new($"kernels.attention-dropout.{name}", Attention(isa, new(default, 0.2)), "GFLOP/s", "fused multiply-adds on registers alone, one core", peak);
        cancel.ThrowIfCancellationRequested();
        yield return Bytes($"kernels.layer-norm.{name}", LayerNorms(isa), Rows * Width, 40);
        yield return Bytes($"kernels.gelu.{name}", Gelus(isa), Rows * Width, 40);
        yield return Bytes($"kernels.dropout.{name}", Dropouts(isa), Rows * Width, 40);
        yield return Bytes($"kernels.adam.{name}", Adams(isa), Movies * Width, 6 + GradientDescent.Parts);
    }

    /// <summary>Scores, gradients of the rows and gradients of the table: three products.</summary>
    private static double SoftmaxLoss(Isa isa, int width)
    {
        // The movies that are told have even numbers, those that were seen odd ones.
        var targets = new Targets([.. Enumerable.Range(0, Rows + 1)], [.. Enumerable.Range(0, Rows).Select(row => row * 74 % Movies)], [.. Enumerable.Repeat(1f, Rows)])
        {
            LeftOut = new([.. Enumerable.Range(0, Movies).Select(i => ((i * 74) + 1) % Movies)], new int[Rows], [.. Enumerable.Repeat(SeenMovies, Rows)]),
        };
        var seconds = Learn(isa, tape => CatalogueLoss.Apply(tape, tape[new(0, Rows, width)], tape[new(Rows * width, Movies, width)], tape[new((Rows + Movies) * width, 1, Matrix.StrideFor(Movies))], Movies, targets),
            ((Rows + Movies) * width) + Matrix.StrideFor(Movies));
        return 6.0 * Rows * Movies * width / seconds / 1e9;
    }

    /// <summary>Two products forwards and four backwards, of which only the half that lies in the past counts.</summary>
    private static double Attention(Isa isa, DropoutRule drop)
    {
        var sequences = new PackedSequences([.. Enumerable.Range(0, Windows + 1).Select(window => window * WindowRows)]);
        var seconds = Learn(isa, tape => CausalAttention.Apply(tape, tape[new(0, Rows, 3 * Width)], tape[new(Rows * 3 * Width, 1, Distances)], sequences, drop, 0), (Rows * 3 * Width) + Distances);
        return 6.0 * Windows * WindowRows * (WindowRows + 1) * Width / seconds / 1e9;
    }

    private static double LayerNorms(Isa isa)
        => Learn(isa, tape => LayerNorm.Apply(tape, tape[new(0, Rows, Width)], tape[new(Rows * Width, 1, Width)], tape[new((Rows + 1) * Width, 1, Width)]), (Rows + 2) * Width);

    private static double Gelus(Isa isa) => Learn(isa, tape => Activation<Gelu>.Apply(tape, tape[new(0, Rows, Width)]), Rows * Width);

    private static double Dropouts(Isa isa) => Learn(isa, tape => Dropout.Apply(tape, tape[new(0, Rows, Width)], new(default, 0.2), 0), Rows * Width);

    private static double Adams(Isa isa)
    {
        using Matrix state = new(3, Movies * Width), gradients = new(GradientDescent.Parts, Movies * Width);
        var range = new AdamRange(state.Pointer, state.Pointer + state.Stride, state.Pointer + (2 * state.Stride), gradients.Pointer, GradientDescent.Parts, gradients.Stride, Movies * Width);
        return BestSeconds(() => new AdamRule(1e-3).Step(isa, range, 1, 1));
    }

    private static BenchmarkRow Bytes(string name, double seconds, int numbers, int bytesPerNumber)
    {
        var bytes = (double)numbers * bytesPerNumber;
        byte[] from = new byte[(int)bytes / 2], to = new byte[(int)bytes / 2]; // each read once, each written once
        return new(name, bytes / seconds / 1e9, "GB/s", "a copy that reads and writes as many bytes, one core", bytes / BestSeconds(() => from.CopyTo(to, 0)) / 1e9);
    }

    /// <summary>Seconds of the way there and back.</summary>
    private static double Learn(Isa isa, Action<Tape> step, int parameters)
    {
        var (values, gradients) = (GC.AllocateArray<float>(parameters, pinned: true), GC.AllocateArray<float>(parameters, pinned: true));
        var random = new CounterRandom(1, 1);
        for (var i = 0; i < parameters; i++)
            values[i] = (random.Below(2001, (ulong)i) - 1000) / 1000f;
        fixed (float* first = values, slopes = gradients)
        {
            using var tape = new Tape(isa, first, slopes);
            return BestSeconds(() =>
            {
                step(tape);
                tape.Backward();
                tape.Clear();
            });
        }
    }

    private static double BestSeconds(Action work)
    {
        var (best, started) = (double.MaxValue, Stopwatch.GetTimestamp());
        for (var run = 0; run < 3 || (run < 500 && Stopwatch.GetElapsedTime(started).TotalSeconds < 1); run++)
        {
            var began = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return best;
    }
}
