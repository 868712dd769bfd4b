using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

public class GaussianCodeTests
{
    private const int Drawn = 200_000;

    [Fact]
    public void The_gradients_of_a_drawn_code_and_its_divergence_are_the_slopes_of_differences() => Code().ShouldHaveTheSlopesOfDifferences();

    [Fact]
    public void Every_instruction_set_gives_the_same_bytes_forwards_and_backwards()
    {
        foreach (var step in new[] { Code(), Joined() })
        {
            var learned = InstructionSets.Supported.Select(isa => step.Learn(isa)).ToList();
            learned.ShouldAllBe(l => BitConverter.DoubleToInt64Bits(l.Loss) == BitConverter.DoubleToInt64Bits(learned[0].Loss));
            foreach (var (_, gradients) in learned)
                gradients.Select(BitConverter.SingleToInt32Bits).ShouldBe(learned[0].Gradients.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public unsafe void The_divergence_is_that_of_the_textbook()
    {
        var code = Code();
        float[] mean = code[0], logVariance = code[1];
        var expected = mean.Zip(logVariance, (m, v) => 0.5 * (((double)m * m) + Math.Exp(v) - v - 1)).Sum();
        fixed (float* values = GC.AllocateArray<float>(1, pinned: true), means = mean, variances = logVariance)
        {
            using var tape = new Tape(InstructionSets.Chosen, values, values);
            GaussianCode.Apply(tape, new(means, null, 5, 32), new(variances, null, 5, 32), Noise, 0, price: 2, out var cost);
            cost.ShouldBe(2 * expected, 1e-4);
        }
    }

    [Fact]
    public unsafe void Without_learning_a_code_is_its_mean_and_free()
    {
        var values = stackalloc float[32];
        using var tape = new Tape(InstructionSets.Chosen, values);
        var mean = tape.Result(1, 16);
        (GaussianCode.Apply(tape, mean, mean, Noise, 0, price: 1, out var cost).Value == mean.Value).ShouldBeTrue();
        cost.ShouldBe(0);
    }

    [Fact]
    public void The_gradients_of_joined_columns_are_the_slopes_of_differences() => Joined().ShouldHaveTheSlopesOfDifferences();

    [Fact]
    public void The_noise_is_normal()
    {
        var drawn = Draw(0);
        drawn.Average().ShouldBe(0, 0.01);
        drawn.Average(x => x * x).ShouldBe(1, 0.015);
        drawn.Average(x => x * x * x * x).ShouldBe(3, 0.15);
        (drawn.Count(x => Math.Abs(x) > 1.96) / (double)Drawn).ShouldBe(0.05, 0.003);
        drawn.Zip(drawn.Skip(1), (x, y) => x * y).Average().ShouldBe(0, 0.01);
    }

    [Fact]
    public void A_draw_depends_on_its_number_alone() => Draw(1_000)[..100].ShouldBe(Draw(0)[1_000..1_100]);

    private static NormalNoise Noise => new(new(7, 3));

    private static unsafe double[] Draw(ulong first)
    {
        var drawn = new float[Drawn];
        fixed (float* to = drawn)
            Noise.Fill(to, drawn.Length, first);
        return Array.ConvertAll(drawn, x => (double)x);
    }

    /// <summary>The divergence of a code plus a loss that the code itself makes.</summary>
    private static StepUnderTest Code() => StepUnderTest.Loss((tape, x) =>
    {
        var z = GaussianCode.Apply(tape, x[0], x[1], Noise, 40, 0.75f, out var cost);
        return cost + CatalogueLoss.Apply(tape, z, x[2], x[3], Steps.Movies, Steps.TargetsOf(5));
    }, 1, (5, 32), (5, 32), (Steps.Movies, 32), (1, Matrix.StrideFor(Steps.Movies)));

    private static StepUnderTest Joined() => StepUnderTest.Step((tape, x) => Join.Apply(tape, [x[0], x[1], x[0]]), 1, (5, 32), (5, 16));
}
