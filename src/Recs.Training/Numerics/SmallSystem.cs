namespace Recs.Training.Numerics;

/// <summary>
/// A symmetric positive definite system of at most <see cref="Largest"/> unknowns, solved on the caller's thread in memory that the caller has: a person's factors at
/// every request. A = U'U row by row (Golub and Van Loan, "Matrix Computations", 4.2), then two triangular solves. Rows are whole blocks of 16.
/// </summary>
/// <typeparam name="TLanes">The kind of lanes.</typeparam>
internal static unsafe class SmallSystem<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Unknowns at most.</summary>
    public const int Largest = 256;

    /// <summary>Replaces A by U, zero below the diagonal.</summary>
    /// <param name="a">Width x width numbers, those on and above the diagonal are read.</param>
    /// <param name="width">Unknowns, a multiple of 16.</param>
    /// <exception cref="ArithmeticException">A is not positive definite in single precision.</exception>
    public static void Factor(float* a, int width)
    {
        var places = stackalloc int[Largest];
        var weights = stackalloc float[Largest];
        for (var i = 0; i < width; i++)
        {
            places[i] = i;
            for (var k = 0; k < i; k++)
                weights[k] = -a[(k * width) + i];
            var (row, from) = (i * width, i & ~(Lanes.Count - 1));
            FactorRows<TLanes>.Combine(a + row + from, a + from, width, width - from, places, weights, i);
            var pivot = a[row + i];
            if (!(pivot > 0))
                throw new ArithmeticException($"The system is not positive definite: pivot {i} is {pivot}. More regularization makes it so.");
            new Span<float>(a + row, i).Clear();
            var scale = TLanes.All(1 / MathF.Sqrt(pivot));
            for (var j = from; j < width; j += Lanes.Count)
                TLanes.Store(TLanes.Multiply(scale, TLanes.Load(a + row + j)), a + row + j);
        }
    }

    /// <summary>Solves U'U x = b.</summary>
    /// <param name="u">From <see cref="Factor"/>.</param>
    /// <param name="b">Right-hand side; overwritten.</param>
    /// <param name="x">Receives the solution; not <paramref name="b"/>.</param>
    /// <param name="width">Unknowns.</param>
    public static void Solve(float* u, float* b, float* x, int width)
    {
        for (var i = 0; i < width; i++)
        {
            var from = i & ~(Lanes.Count - 1);
            x[i] = b[i] / u[(i * width) + i];
            FactorRows<TLanes>.Add(b + from, u + (i * width) + from, -x[i], width - from);
        }

        new Span<float>(x, width).CopyTo(new(b, width));
        new Span<float>(x, width).Clear();
        for (var i = width - 1; i >= 0; i--)
        {
            var from = i & ~(Lanes.Count - 1); // what is not solved yet is zero and adds nothing
            x[i] = (b[i] - FactorRows<TLanes>.Dot(u + (i * width) + from, x + from, width - from)) / u[(i * width) + i];
        }
    }
}
