using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class SymmetricInverseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(128)]
    [InlineData(390)] // more than one block in every step
    public void The_inverse_times_the_matrix_is_the_identity(int n)
    {
        using Matrix a = GeneratedData.PositiveDefinite(n), p = GeneratedData.PositiveDefinite(n);
        SymmetricInverse.Invert(new(InstructionSets.Chosen, 2), p);
        for (var i = 0; i < n; i += Math.Max(1, n / 50))
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < n; k++)
                    sum += (double)(i <= k ? p[i, k] : p[k, i]) * a[k, j];
                sum.ShouldBe(i == j ? 1 : 0, 1e-4);
            }
    }

    [Fact]
    public void The_inverse_equals_a_library_s_in_double_precision()
    {
        const int n = 40;
        using var a = GeneratedData.PositiveDefinite(n);
        var reference = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(n, n, (i, j) => a[i, j]).Inverse();
        SymmetricInverse.Invert(new(InstructionSets.Chosen, 1), a);
        for (var i = 0; i < n; i++)
            for (var j = i; j < n; j++)
                ((double)a[i, j]).ShouldBe(reference[i, j], 1e-7);
    }

    [Fact]
    public void Instruction_set_and_threads_do_not_change_a_bit()
    {
        var inverses = InstructionSets.Supported.SelectMany(isa => new[] { 1, 2 }.Select(threads =>
        {
            using var a = GeneratedData.PositiveDefinite(300);
            SymmetricInverse.Invert(new(isa, threads), a);
            return Enumerable.Range(0, 300).SelectMany(i => a.Row(i)[i..].ToArray()).ToArray();
        })).ToList();
        inverses.ShouldAllBe(p => p.SequenceEqual(inverses[0]));
    }
}
