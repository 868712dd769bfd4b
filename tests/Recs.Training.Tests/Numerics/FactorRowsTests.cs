using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class FactorRowsTests
{
    [Theory]
    [InlineData(16, 1)]
    [InlineData(48, 70)]
    [InlineData(64, 5)]
    [InlineData(144, 20)]
    public unsafe void Every_kind_of_lanes_gives_the_bits_of_a_naive_loop(int width, int count)
    {
        float[] rows = Numbers(count * width, 1), x = Numbers(width, 2), weights = Numbers(count, 3);
        int[] which = [.. Enumerable.Range(0, count).Select(k => (k * 7) % count)];
        var dots = which.Select(row => NaiveDot(x, rows.AsSpan(row * width, width))).ToArray();
        var sum = x.ToArray();
        for (var j = 16; j < width; j++)
            for (var k = 0; k < count; k++)
                sum[j] = MathF.FusedMultiplyAdd(weights[k], rows[(which[k] * width) + j], sum[j]);

        Answers<PlainLanes>();
        if (InstructionSets.IsSupported(Isa.Avx2))
            Answers<Avx2Lanes>();
        if (InstructionSets.IsSupported(Isa.Avx512))
            Answers<Avx512Lanes>();

        void Answers<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            float[] found = new float[count], all = new float[count], combined = x.ToArray();
            fixed (float* r = rows, v = x, w = weights, f = found, a = all, c = combined)
            fixed (int* taken = which)
            {
                FactorRows<TLanes>.Dots(v, r, width, taken, count, f);
                FactorRows<TLanes>.AllDots(v, r, width, count, a);
                FactorRows<TLanes>.Combine(c + 16, r + 16, width, width - 16, taken, w, count); // a part of each row
            }

            found.ShouldBe(dots, typeof(TLanes).Name);
            which.Select(row => all[row]).ShouldBe(dots, typeof(TLanes).Name);
            combined.ShouldBe(sum, typeof(TLanes).Name);
        }
    }

    [Fact]
    public void A_small_system_is_solved_as_by_elimination_and_to_the_same_bits_by_every_kind_of_lanes()
        => Prop.ForAll(Gen.Choose(1, 6).ToArbitrary(), blocks =>
        {
            var width = 16 * blocks;
            using var a = GeneratedData.PositiveDefinite(width, (ulong)blocks);
            var (matrix, right) = (GeneratedData.Numbers(a), Numbers(width, 5));
            var solutions = new List<float[]> { Solve<PlainLanes>(matrix, right, width) };
            if (InstructionSets.IsSupported(Isa.Avx2))
                solutions.Add(Solve<Avx2Lanes>(matrix, right, width));
            if (InstructionSets.IsSupported(Isa.Avx512))
                solutions.Add(Solve<Avx512Lanes>(matrix, right, width));
            solutions.ShouldAllBe(solution => solution.SequenceEqual(solutions[0]));
            for (var i = 0; i < width; i++)
                Enumerable.Range(0, width).Sum(j => (double)matrix[(i * width) + j] * solutions[0][j]).ShouldBe(right[i], 1e-5);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    [Fact]
    public void A_system_that_is_not_positive_definite_is_refused()
        => Should.Throw<ArithmeticException>(() => Solve<PlainLanes>(new float[256], new float[16], 16)).Message.ShouldContain("pivot 0");

    [Fact]
    public void The_gram_matrix_of_many_rows_is_that_of_a_naive_loop()
    {
        const int width = 16, rows = 9_001;
        var x = Numbers(rows * width, 6);
        var expected = new double[width * width];
        for (var row = 0; row < rows; row++)
            for (var i = 0; i < width; i++)
                for (var j = 0; j < width; j++)
                    expected[(i * width) + j] += (double)x[(row * width) + i] * x[(row * width) + j];
        var grams = InstructionSets.Supported.SelectMany(isa => new[] { 1, 3 }.Select(threads => GramMatrix.Of(new(isa, threads), x, width))).ToList();
        grams.ShouldAllBe(gram => gram.SequenceEqual(grams[0]));
        for (var i = 0; i < expected.Length; i++)
            ((double)grams[0][i]).ShouldBe(expected[i], 1e-2);
    }

    private static unsafe float[] Solve<TLanes>(float[] matrix, float[] right, int width) where TLanes : struct, ILanes<TLanes>
    {
        float[] u = matrix.ToArray(), b = right.ToArray(), x = new float[width];
        fixed (float* factor = u, side = b, solution = x)
        {
            SmallSystem<TLanes>.Factor(factor, width);
            SmallSystem<TLanes>.Solve(factor, side, solution, width);
        }

        return x;
    }

    /// <summary>Sixteen sums, then the lanes by halves: the order that the documentation promises.</summary>
    private static float NaiveDot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var lanes = new float[16];
        for (var j = 0; j < a.Length; j++)
            lanes[j % 16] = MathF.FusedMultiplyAdd(a[j], b[j], lanes[j % 16]);
        for (var half = 8; half > 0; half /= 2)
            for (var lane = 0; lane < half; lane++)
                lanes[lane] += lanes[lane + half];
        return lanes[0];
    }

    private static float[] Numbers(int count, ulong seed)
    {
        using var matrix = GeneratedData.Matrix(1, count, seed);
        return GeneratedData.Numbers(matrix);
    }
}
