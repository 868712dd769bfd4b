using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class RowCombinationTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 1)]
    [InlineData(20, 63)]
    [InlineData(20, 64)]
    [InlineData(7, 201)]
    public unsafe void Every_instruction_set_gives_the_bits_of_a_naive_loop(int count, int columns)
    {
        using Matrix source = GeneratedData.Matrix(Math.Max(count, 1), columns, 2), weights = GeneratedData.Matrix(1, Math.Max(count, 1), 3);
        var rows = stackalloc float*[count + 1];
        for (var k = 0; k < count; k++)
            rows[k] = source.Pointer + ((nint)k * source.Stride);
        var naive = new float[columns];
        for (var j = 0; j < columns; j++)
            for (var k = 0; k < count; k++)
                naive[j] = MathF.FusedMultiplyAdd(weights[0, k], source[k, j], naive[j]);

        foreach (var isa in InstructionSets.Supported)
        {
            var sum = new float[columns];
            fixed (float* y = sum)
                RowCombination.Add(isa, y, rows, weights.Pointer, count, columns);
            sum.ShouldBe(naive, isa.ToString());
        }
    }
}
