using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class TriangularSolveTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(50, 7)]
    [InlineData(300, 270)]
    public void The_matrix_times_the_solution_gives_the_right_hand_sides_back(int n, int sides)
    {
        using Matrix a = GeneratedData.PositiveDefinite(n), u = GeneratedData.PositiveDefinite(n), b = GeneratedData.Matrix(n, sides, 5), x = GeneratedData.Matrix(n, sides, 5);
        Compute compute = new(InstructionSets.Chosen, 2);
        Cholesky.Factor(compute, u);
        TriangularSolve.Solve(compute, u, x);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < sides; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < n; k++)
                    sum += (double)a[i, k] * x[k, j];
                sum.ShouldBe(b[i, j], 1e-3);
            }
    }

    [Fact]
    public void Instruction_set_and_threads_do_not_change_a_bit()
    {
        using var u = GeneratedData.PositiveDefinite(270);
        Cholesky.Factor(new(InstructionSets.Chosen, 1), u);
        var solutions = InstructionSets.Supported.SelectMany(isa => new[] { 1, 2 }.Select(threads =>
        {
            using var x = GeneratedData.Matrix(270, 530, 5);
            TriangularSolve.Solve(new(isa, threads), u, x);
            return GeneratedData.Numbers(x);
        })).ToList();
        solutions.ShouldAllBe(s => s.SequenceEqual(solutions[0]));
    }

    [Fact]
    public void An_exception_of_a_worker_reaches_the_caller()
    {
        using Matrix u = GeneratedData.PositiveDefinite(4), x = GeneratedData.Matrix(4, 600);
        Should.Throw<OperationCanceledException>(() => TriangularSolve.Solve(new(Isa.Plain, 2), u, x, _ => throw new OperationCanceledException()));
    }
}
