using System.Buffers;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Nmf;

/// <summary>The ratings row by row.</summary>
/// <param name="First">Per row its first place, and one past the last row's end.</param>
/// <param name="Other">Row of the other side per place.</param>
/// <param name="Stars">Stars per place.</param>
internal sealed record RatingRows(int[] First, int[] Other, float[] Stars);

/// <summary>One half of an iteration: every row of one side becomes the best for the other side as it stands. The rows are independent, so they are spread over threads.</summary>
internal static unsafe class HalfStep
{
    private const int RowsAtATime = 32;
    private const int Sweeps = 3; // the next iteration goes on from there: more passes now would be for factors of the other side that are about to change

    /// <summary>Improves the rows.</summary>
    /// <param name="run">Threads, instruction set, cancellation.</param>
    /// <param name="ratings">Ratings of each row.</param>
    /// <param name="x">Rows to improve; one without a rating becomes zero.</param>
    /// <param name="y">Rows of the other side.</param>
    /// <param name="width">Numbers per row.</param>
    /// <param name="regularization">Penalty on squared factors, per rating.</param>
    /// <returns>The sum of the squared errors afterwards.</returns>
    public static double Run(FitRun run, RatingRows ratings, float[] x, float[] y, int width, float regularization)
    {
        var rows = ratings.First.Length - 1;
        var errors = new double[(rows + RowsAtATime - 1) / RowsAtATime];
        Workers.Run(run.Compute.Threads, errors.Length, job =>
        {
            run.Cancel.ThrowIfCancellationRequested();
            var (from, to) = (job * RowsAtATime, Math.Min((job + 1) * RowsAtATime, rows));
            errors[job] = run.Compute.Isa switch
            {
                Isa.Avx512 => Improve<Avx512Lanes>(ratings, x, y, width, regularization, from, to),
                Isa.Avx2 => Improve<Avx2Lanes>(ratings, x, y, width, regularization, from, to),
                _ => Improve<PlainLanes>(ratings, x, y, width, regularization, from, to),
            };
        });
        return errors.Sum();
    }

    private static double Improve<TLanes>(RatingRows ratings, float[] x, float[] y, int width, float regularization, int from, int to)
        where TLanes : struct, ILanes<TLanes>
    {
        var sum = 0.0;
        var rented = ArrayPool<float>.Shared.Rent(NonNegativeRow<TLanes>.MemoryFor(width));
        fixed (float* xs = x, ys = y, stars = ratings.Stars, memory = rented)
        fixed (int* others = ratings.Other)
        {
            for (var row = from; row < to; row++)
            {
                var (first, count) = (ratings.First[row], ratings.First[row + 1] - ratings.First[row]);
                var target = xs + ((nint)row * width);
                if (count == 0)
                {
                    new Span<float>(target, width).Clear();
                    continue;
                }

                NonNegativeRow<TLanes>.Improve(target, ys, width, others + first, stars + first, count, regularization, Sweeps, memory);
                sum += NonNegativeRow<TLanes>.SquaredErrors(target, ys, width, others + first, stars + first, count);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
        return sum;
    }
}
