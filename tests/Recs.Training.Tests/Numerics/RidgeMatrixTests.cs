using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public unsafe class RidgeMatrixTests
{
    [Theory]
    [InlineData(16, 1)]
    [InlineData(16, 40)]
    [InlineData(48, 7)]
    [InlineData(80, 300)]
    public void The_solution_is_that_of_elimination_in_double_precision(int width, int count)
    {
        using Matrix rows = GeneratedData.Matrix(count, width), right = GeneratedData.Matrix(1, width, 2);
        var expected = Eliminate(rows, 0.5, right);
        var first = Solve<PlainLanes>(rows, 0.5f, right);
        for (var i = 0; i < width; i++)
            ((double)first[i]).ShouldBe(expected[i], 1e-4);
        if (InstructionSets.IsSupported(Isa.Avx2))
            Solve<Avx2Lanes>(rows, 0.5f, right).ShouldBe(first);
        if (InstructionSets.IsSupported(Isa.Avx512))
            Solve<Avx512Lanes>(rows, 0.5f, right).ShouldBe(first);
    }

    private static float[] Solve<TLanes>(Matrix rows, float ridge, Matrix right) where TLanes : struct, ILanes<TLanes>
    {
        var (memory, given, which) = (new float[rows.Columns * rows.Columns], right.Row(0).ToArray(), Enumerable.Range(0, rows.Rows).ToArray());
        var solution = new float[rows.Columns];
        fixed (float* a = memory, b = given, x = solution)
        fixed (int* w = which)
        {
            RidgeMatrix<TLanes>.Fill(a, rows.Pointer, rows.Columns, w, rows.Rows, ridge);
            SmallSystem<TLanes>.Factor(a, rows.Columns);
            SmallSystem<TLanes>.Solve(a, b, x, rows.Columns);
        }

        return solution;
    }

    private static double[] Eliminate(Matrix rows, double ridge, Matrix right)
    {
        var n = rows.Columns;
        var a = new double[n, n];
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
                a[i, j] = Enumerable.Range(0, rows.Rows).Sum(k => (double)rows[k, i] * rows[k, j]) + (i == j ? ridge : 0);
        return LinearEquations.Solve(a, [.. Enumerable.Range(0, n).Select(i => (double)right[0, i])]);
    }
}
