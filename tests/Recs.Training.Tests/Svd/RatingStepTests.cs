using Recs.Training.Numerics;
using Recs.Training.Svd;

namespace Recs.Training.Tests.Svd;

public unsafe class RatingStepTests
{
    private const int Width = 48;
    private const float Above = 1.25f, Rate = 0.02f, KeepPerson = 0.99f, KeepMovie = 0.98f, Biases = 0.5f;

    [Fact]
    public void A_step_is_that_of_a_plain_loop()
    {
        var (rows, biases, error) = Step<PlainLanes>();
        var before = Rows();
        var dot = Enumerable.Range(0, Width).Sum(j => (double)before[j] * before[Width + j]);
        var expected = Above - 0.25 + 0.125 - dot;
        ((double)error).ShouldBe(expected, 1e-5);
        ((double)biases[0]).ShouldBe(0.25 + (Rate * (expected - (Biases * 0.25))), 1e-6);
        ((double)biases[1]).ShouldBe(-0.125 + (Rate * (expected + (Biases * 0.125))), 1e-6);
        for (var j = 0; j < Width; j++)
        {
            ((double)rows[j]).ShouldBe((KeepPerson * (double)before[j]) + (Rate * expected * before[Width + j]), 1e-6);
            ((double)rows[Width + j]).ShouldBe((KeepMovie * (double)before[Width + j]) + (Rate * expected * before[j]), 1e-6);
        }
    }

    [Fact]
    public void No_bit_depends_on_the_kind_of_lanes()
    {
        var (rows, biases, error) = Step<PlainLanes>();
        foreach (var (otherRows, otherBiases, otherError) in InstructionSets.Supported.Select(isa => isa switch { Isa.Avx512 => Step<Avx512Lanes>(), Isa.Avx2 => Step<Avx2Lanes>(), _ => Step<PlainLanes>() }))
        {
            otherRows.ShouldBe(rows);
            otherBiases.ShouldBe(biases);
            otherError.ShouldBe(error);
        }
    }

    private static float[] Rows()
    {
        using var drawn = GeneratedData.Matrix(2, Width, 5);
        return GeneratedData.Numbers(drawn);
    }

    private static (float[] Rows, float[] Biases, float Error) Step<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        float[] rows = Rows(), biases = [0.25f, -0.125f];
        fixed (float* row = rows, bias = biases)
            return (rows, biases, RatingStep<TLanes>.Take(Above, new(row, bias, KeepPerson), new(row + Width, bias + 1, KeepMovie), Width, Rate, Biases));
    }
}
