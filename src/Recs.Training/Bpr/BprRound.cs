using System.Buffers;
using System.Runtime.CompilerServices;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Bpr;

/// <summary>One round of steps: as many draws as movies were seen, with replacement, cell by cell along the diagonals of the grid.</summary>
/// <param name="run">Threads, instruction set, cancellation.</param>
/// <param name="grid">Who saw what.</param>
/// <param name="people">Factors of the people.</param>
/// <param name="movies">Factors of the movies.</param>
/// <param name="width">Numbers per row.</param>
/// <param name="penalty">Penalty on the squared factors.</param>
internal sealed unsafe class BprRound(FitRun run, DealtGrid grid, float[] people, float[] movies, int width, float penalty)
{
    /// <summary>Takes the round's steps.</summary>
    /// <param name="dealing">Draws that deal the movies.</param>
    /// <param name="drawing">Draws that choose the pairs.</param>
    /// <param name="rate">Learning rate.</param>
    /// <returns>How wrong the pairs were ordered before their steps, on average: 0 to 1, 0.5 where nothing is known.</returns>
    public double Take(CounterRandom dealing, CounterRandom drawing, float rate)
    {
        grid.Deal(run.Compute.Threads, dealing);
        var wrong = new (double Sum, long Pairs)[DealtGrid.Blocks * DealtGrid.Blocks * grid.Turns];
        Workers.RunPhases(run.Compute.Threads, DealtGrid.Blocks, DealtGrid.Blocks, (diagonal, block) =>
        {
            for (var turn = 0; turn < grid.Turns; turn++)
            {
                run.Cancel.ThrowIfCancellationRequested();
                var place = (((block * grid.Turns) + turn) * DealtGrid.Blocks) + diagonal;
                var cell = grid.Cell(block, turn, (block + diagonal) % DealtGrid.Blocks);
                var firstDraw = (ulong)place << 32;
                wrong[place] = run.Compute.Isa switch
                {
                    Isa.Avx512 => Take<Avx512Lanes>(cell, drawing, firstDraw, rate),
                    Isa.Avx2 => Take<Avx2Lanes>(cell, drawing, firstDraw, rate),
                    _ => Take<PlainLanes>(cell, drawing, firstDraw, rate),
                };
            }
        });
        return wrong.Sum(w => w.Sum) / Math.Max(1, wrong.Sum(w => w.Pairs));
    }

    /// <summary>Draws each pair some steps before it takes its step, and asks for its rows meanwhile: which pairs are drawn depends on no step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Sum, long Pairs) Take<TLanes>(DealtCell cell, CounterRandom drawing, ulong firstDraw, float rate) where TLanes : struct, ILanes<TLanes>
    {
        var rented = ArrayPool<ulong>.Shared.Rent(cell.Words);
        var bits = rented.AsSpan(0, cell.Words);
        cell.Mark(bits);
        var keep = 1 - (rate * penalty);
        var (sum, pairs) = (0.0, 0L);
        var drawn = stackalloc Pair[RowsAhead.Steps];
        fixed (float* x = people, y = movies)
            for (var draw = 0; draw < cell.Seen.Length + RowsAhead.Steps; draw++)
            {
                ref var pair = ref drawn[draw % RowsAhead.Steps];
                if (draw >= RowsAhead.Steps && pair.Person is not null)
                {
                    sum += PairStep<TLanes>.Take(pair.Person, pair.Seen, pair.Unseen, width, rate, keep);
                    pairs++;
                }

                pair = draw < cell.Seen.Length ? Draw(cell, bits, drawing.Bits(firstDraw + (ulong)draw), x, y) : default;
            }

        ArrayPool<ulong>.Shared.Return(rented);
        return (sum, pairs);
    }

    /// <summary>A movie that was seen, and one that may not have been.</summary>
    private Pair Draw(DealtCell cell, ReadOnlySpan<ulong> bits, ulong random, float* x, float* y)
    {
        var (person, movie) = cell.Seen[Below(cell.Seen.Length, (uint)(random >> 32))];
        var other = Below(cell.Movies.Length, (uint)random);
        var bit = cell.Bit(person, other);
        if ((bits[(int)(bit >> 6)] >> (int)(bit & 63) & 1) != 0)
            return default; // the person has seen that one too
        var pair = new Pair(x + ((nint)person * width), y + ((nint)movie * width), y + ((nint)cell.Movies[other] * width));
        RowsAhead.Fetch(pair.Person, width);
        RowsAhead.Fetch(pair.Seen, width);
        RowsAhead.Fetch(pair.Unseen, width);
        return pair;
    }

    private static int Below(int count, uint random) => (int)(((ulong)count * random) >> 32);

    /// <summary>The rows of a step; none at all where there is no step to take.</summary>
    private readonly struct Pair(float* person, float* seen, float* unseen)
    {
        public float* Person { get; } = person;
        public float* Seen { get; } = seen;
        public float* Unseen { get; } = unseen;
    }
}
