using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public unsafe class NonNegativeLeastSquaresTests
{
    private const int Width = 16;
    private const int Factors = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_result_is_the_best_of_all_choices_of_factors_that_are_zero(ulong seed)
    {
        using Matrix a = GeneratedData.PositiveDefinite(Width, seed), b = GeneratedData.Matrix(1, Width, seed + 100);
        var right = b.Row(0).ToArray();
        right.AsSpan(Factors).Fill(-1); // with the small numbers off the diagonal these stay zero in the best solution
        var expected = BestOfAllSubsets(a, right);
        var found = Improve<PlainLanes>(a, right);
        for (var i = 0; i < Width; i++)
            ((double)found[i]).ShouldBe(expected[i], 1e-5);
        expected.Take(Factors).ShouldContain(x => x > 0);
        expected.Take(Factors).ShouldContain(0);
        if (InstructionSets.IsSupported(Isa.Avx2))
            Improve<Avx2Lanes>(a, right).ShouldBe(found);
        if (InstructionSets.IsSupported(Isa.Avx512))
            Improve<Avx512Lanes>(a, right).ShouldBe(found);
    }

    private static float[] Improve<TLanes>(Matrix a, float[] right) where TLanes : struct, ILanes<TLanes>
    {
        var solution = new float[Width];
        fixed (float* b = right, x = solution)
            NonNegativeLeastSquares<TLanes>.Improve(a.Pointer, b, x, Width, 100);
        return solution;
    }

    private static double[] BestOfAllSubsets(Matrix a, float[] right)
    {
        var (best, least) = (new double[Width], 0.0);
        for (var subset = 1; subset < 1 << Factors; subset++)
        {
            var free = Enumerable.Range(0, Factors).Where(i => (subset >> i & 1) == 1).ToArray();
            var matrix = new double[free.Length, free.Length];
            for (var i = 0; i < free.Length; i++)
                for (var j = 0; j < free.Length; j++)
                    matrix[i, j] = a[free[i], free[j]];
            var solved = LinearEquations.Solve(matrix, [.. free.Select(i => (double)right[i])]);
            if (solved.Any(x => x < 0))
                continue;
            var value = -free.Select((i, k) => right[i] * solved[k]).Sum(); // x'Ax - 2 b'x where Ax = b
            if (value >= least)
                continue;
            (best, least) = (new double[Width], value);
            for (var k = 0; k < free.Length; k++)
                best[free[k]] = solved[k];
        }

        return best;
    }
}
