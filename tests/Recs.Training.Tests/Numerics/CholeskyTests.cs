using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class CholeskyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(256)]
    [InlineData(300)]
    public void The_factor_times_itself_gives_the_matrix_back(int n)
    {
        using var a = GeneratedData.PositiveDefinite(n);
        using var u = GeneratedData.PositiveDefinite(n);
        Cholesky.Factor(new(InstructionSets.Chosen, 2), u);
        for (var i = 0; i < n; i++)
            for (var j = i; j < n; j++)
            {
                var sum = 0.0;
                for (var k = 0; k <= i; k++)
                    sum += (double)u[k, i] * u[k, j];
                sum.ShouldBe(a[i, j], 2e-6 * n);
            }
    }

    [Fact]
    public void The_factor_equals_a_library_s_in_double_precision()
    {
        const int n = 40;
        using var a = GeneratedData.PositiveDefinite(n);
        var reference = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(n, n, (i, j) => a[i, j]).Cholesky().Factor;
        Cholesky.Factor(new(InstructionSets.Chosen, 1), a);
        for (var i = 0; i < n; i++)
            for (var j = i; j < n; j++)
                ((double)a[i, j]).ShouldBe(reference[j, i], 1e-4);
    }

    [Fact]
    public void Instruction_set_and_threads_do_not_change_a_bit()
    {
        var factors = InstructionSets.Supported.SelectMany(isa => new[] { 1, 2 }.Select(threads =>
        {
            using var a = GeneratedData.PositiveDefinite(300);
            Cholesky.Factor(new(isa, threads), a);
            return Enumerable.Range(0, 300).SelectMany(i => a.Row(i)[i..].ToArray()).ToArray();
        })).ToList();
        factors.ShouldAllBe(f => f.SequenceEqual(factors[0]));
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_is_refused_by_its_column()
    {
        using var a = GeneratedData.PositiveDefinite(6);
        a[4, 4] = -1;
        Should.Throw<ArithmeticException>(() => Cholesky.Factor(new(InstructionSets.Chosen, 1), a)).Message.ShouldContain("pivot 4");
    }
}
