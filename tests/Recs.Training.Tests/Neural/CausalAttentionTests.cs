using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

public class CausalAttentionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public unsafe void Every_row_is_the_weighted_mean_of_the_values_up_to_it(int heads)
    {
        var step = Steps.Attention(heads, default);
        float[] qkv = step[0], bias = step[1];
        var expected = ByHand(qkv, bias, heads);
        foreach (var isa in InstructionSets.Supported)
            fixed (float* x = qkv, b = bias)
            {
                using var tape = new Tape(isa, x);
                var y = CausalAttention.Apply(tape, new(x, null, Steps.Sequences.Start[^1], 3 * Steps.AttentionWidth), new(b, null, heads, Steps.Distances), Steps.Sequences, default, 0);
                (y.Rows, y.Columns).ShouldBe((Steps.Sequences.Start[^1], Steps.AttentionWidth));
                for (var i = 0; i < y.Count; i++)
                    ((double)y.Value[i]).ShouldBe(expected[i], 5e-6, $"{isa}, row {i / Steps.AttentionWidth}");
            }
    }

    [Fact]
    public void Heads_and_sequences_take_blocks_of_dropout_of_their_own()
        => CausalAttention.Blocks(new([0, 1, 17]), 2).ShouldBe(2UL * (1 + (16 * 1)));

    private static double[] ByHand(float[] qkv, float[] bias, int heads)
    {
        int width = Steps.AttentionWidth, own = width / heads;
        var y = new double[Steps.Sequences.Start[^1] * width];
        for (var sequence = 0; sequence < Steps.Sequences.Count; sequence++)
            for (var head = 0; head < heads; head++)
                for (var i = Steps.Sequences.Start[sequence]; i < Steps.Sequences.Start[sequence + 1]; i++)
                {
                    var scores = Enumerable.Range(Steps.Sequences.Start[sequence], i + 1 - Steps.Sequences.Start[sequence]).Select(j => (Row: j, Weight: Math.Exp(
                        (Enumerable.Range(head * own, own).Sum(c => (double)At(i, c) * At(j, width + c)) / Math.Sqrt(own)) + bias[(head * Steps.Distances) + Math.Max(0, Steps.Distances - 1 - (i - j))]))).ToList();
                    var all = scores.Sum(s => s.Weight);
                    for (var c = head * own; c < (head + 1) * own; c++)
                        y[(i * width) + c] = scores.Sum(s => s.Weight / all * At(s.Row, (2 * width) + c));
                }

        return y;

        float At(int row, int column) => qkv[(row * 3 * width) + column];
    }
}
