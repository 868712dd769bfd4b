using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class MatrixProductTests
{
    private static readonly Gen<int> Size = Gen.Choose(1, 70);

    [Fact]
    public void Every_instruction_set_gives_the_bits_of_a_naive_loop_of_fused_multiply_adds() =>
        Prop.ForAll(Gen.Three(Size).ToArbitrary(), sizes => Check(sizes.Item1, sizes.Item2, sizes.Item3)).Check(Config.QuickThrowOnFailure.WithMaxTest(30));

    [Theory]
    [InlineData(200, 300, 1100)] // more than one block in every direction
    [InlineData(1, 520, 33)]
    [InlineData(385, 1, 1)]
    public void Blocks_do_not_regroup_the_sums(int rows, int depth, int columns) => Check(rows, depth, columns);

    [Fact]
    public void Matrices_that_do_not_fit_are_refused()
    {
        using Matrix a = new(2, 3), b = new(4, 2), c = new(2, 2);
        Should.Throw<ArgumentException>(() => MatrixProduct.Add(new(Isa.Plain, 1), a, b, c)).Message.ShouldContain("2 x 3");
    }

    private static void Check(int rows, int depth, int columns)
    {
        using Matrix a = GeneratedData.Matrix(rows, depth, 1), b = GeneratedData.Matrix(depth, columns, 2);
        foreach (var subtract in new[] { false, true })
        {
            using var naive = GeneratedData.Matrix(rows, columns, 3);
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                    for (var k = 0; k < depth; k++)
                        naive[i, j] = MathF.FusedMultiplyAdd(subtract ? -a[i, k] : a[i, k], b[k, j], naive[i, j]);
            foreach (var isa in InstructionSets.Supported)
                foreach (var threads in new[] { 1, 2 })
                {
                    using var c = GeneratedData.Matrix(rows, columns, 3);
                    if (subtract)
                        MatrixProduct.Subtract(new(isa, threads), a, b, c);
                    else
                        MatrixProduct.Add(new(isa, threads), a, b, c);
                    GeneratedData.Numbers(c).ShouldBe(GeneratedData.Numbers(naive), $"{isa}, {threads} threads");
                }
        }
    }
}
