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
        var wrong = new (double Sum, long Pairs)[DealtGrid.Blocks * DealtGrid.Blocks];
        for (var diagonal = 0; diagonal < DealtGrid.Blocks; diagonal++)
        {
            var shift = diagonal;
            Workers.Run(run.Compute.Threads, DealtGrid.Blocks, block =>
            {
                run.Cancel.ThrowIfCancellationRequested();
                var (cell, moviesBlock) = ((block * DealtGrid.Blocks) + shift, (block + shift) % DealtGrid.Blocks);
                wrong[cell] = run.Compute.Isa switch
                {
                    Isa.Avx512 => Take<Avx512Lanes>(grid.Cell(block, moviesBlock), drawing, (ulong)cell << 32, rate),
                    Isa.Avx2 => Take<Avx2Lanes>(grid.Cell(block, moviesBlock), drawing, (ulong)cell << 32, rate),
                    _ => Take<PlainLanes>(grid.Cell(block, moviesBlock), drawing, (ulong)cell << 32, rate),
                };
            });
        }

        return wrong.Sum(w => w.Sum) / Math.Max(1, wrong.Sum(w => w.Pairs));
    }

    private (double Sum, long Pairs) Take<TLanes>(DealtCell cell, CounterRandom drawing, ulong firstDraw, float rate) where TLanes : struct, ILanes<TLanes>
    {
        var bits = cell.SeenBits();
        var keep = 1 - (rate * penalty);
        var (sum, pairs) = (0.0, 0L);
        fixed (float* x = people, y = movies)
            for (var draw = 0; draw < cell.Places.Length; draw++)
            {
                var random = drawing.Bits(firstDraw + (ulong)draw);
                var place = cell.Places[Below(cell.Places.Length, (uint)(random >> 32))];
                var drawn = Below(cell.Movies.Length, (uint)random);
                var person = grid.PersonAt(place);
                var bit = cell.Bit(person, drawn);
                if ((bits[bit >> 6] >> (int)(bit & 63) & 1) != 0)
                    continue; // the person has seen that one too
                sum += PairStep<TLanes>.Take(x + ((nint)person * width), y + ((nint)grid.MovieAt(place) * width), y + ((nint)cell.Movies[drawn] * width), width, rate, keep);
                pairs++;
            }

        return (sum, pairs);
    }

    private static int Below(int count, uint random) => (int)(((ulong)count * random) >> 32);
}
