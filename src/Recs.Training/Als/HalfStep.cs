using Recs.Training.Factors;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Als;

/// <summary>One half of an iteration: improves every row of one side while the other side stands still. The rows are independent, so they are spread over threads.</summary>
internal static unsafe class HalfStep
{
    private const int RowsAtATime = 32;

    /// <summary>Improves the rows.</summary>
    /// <param name="run">Threads, instruction set, cancellation.</param>
    /// <param name="seen">What each row has seen of the other side.</param>
    /// <param name="x">Rows to improve; one that has seen nothing becomes zero.</param>
    /// <param name="y">Rows of the other side.</param>
    /// <param name="problem">Width and weights.</param>
    /// <returns>The loss of the whole model afterwards.</returns>
    public static double Run(FitRun run, SparseRows seen, float[] x, float[] y, AlsProblem problem)
    {
        var gram = RegularizedGram(run, y, problem, out var penalty);
        var losses = new double[(seen.Count + RowsAtATime - 1) / RowsAtATime];
        Workers.Run(run.Compute.Threads, losses.Length, job =>
        {
            run.Cancel.ThrowIfCancellationRequested();
            var rows = (First: job * RowsAtATime, End: Math.Min((job + 1) * RowsAtATime, seen.Count));
            losses[job] = run.Compute.Isa switch
            {
                Isa.Avx512 => Improve<Avx512Lanes>(seen, x, y, gram, problem, rows),
                Isa.Avx2 => Improve<Avx2Lanes>(seen, x, y, gram, problem, rows),
                _ => Improve<PlainLanes>(seen, x, y, gram, problem, rows),
            };
        });
        return losses.Sum() + penalty;
    }

    /// <summary>Y'Y + regularization I.</summary>
    /// <param name="run">Threads, instruction set.</param>
    /// <param name="y">Rows of factors.</param>
    /// <param name="problem">Width and weights.</param>
    /// <param name="penalty">What Y's own penalty is.</param>
    public static float[] RegularizedGram(FitRun run, float[] y, AlsProblem problem, out double penalty)
    {
        var gram = GramMatrix.Of(run.Compute, y, problem.Width);
        penalty = 0;
        for (var i = 0; i < problem.Width; i++)
        {
            penalty += problem.Regularization * gram[(i * problem.Width) + i];
            gram[(i * problem.Width) + i] += problem.Regularization;
        }

        return gram;
    }

    private static double Improve<TLanes>(SparseRows seen, float[] x, float[] y, float[] gram, AlsProblem problem, (int First, int End) rows)
        where TLanes : struct, ILanes<TLanes>
    {
        var loss = 0.0;
        var scratch = stackalloc float[ConfidentRow<TLanes>.ScratchFor(problem.Width)];
        fixed (float* xs = x, ys = y, g = gram)
        fixed (int* columns = seen.Column)
        {
            var row = new ConfidentRow<TLanes>(ys, g, problem.Width, problem.Alpha, scratch);
            for (var i = rows.First; i < rows.End; i++)
            {
                var target = xs + ((nint)i * problem.Width);
                var count = seen.First[i + 1] - seen.First[i];
                if (count == 0)
                    new Span<float>(target, problem.Width).Clear();
                else
                    loss += row.Improve(target, columns + seen.First[i], count, problem.Steps);
            }
        }

        return loss;
    }
}

/// <summary>What an iteration needs to know besides the factors.</summary>
/// <param name="Width">Numbers per row of factors: the factors rounded up to 16.</param>
/// <param name="Alpha">What being seen adds to the confidence.</param>
/// <param name="Regularization">Penalty on the squared factors.</param>
/// <param name="Steps">Steps of conjugate gradient per row.</param>
internal readonly record struct AlsProblem(int Width, float Alpha, float Regularization, int Steps);
