using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>y = [a b ...]: the columns of several matrices side by side.</summary>
internal static unsafe class Join
{
    /// <summary>Computes it.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="parts">Matrices of as many rows; must not change until the tape is cleared.</param>
    public static Node Apply(Tape tape, ReadOnlySpan<Node> parts)
    {
        var columns = 0;
        foreach (var part in parts)
            columns += part.Columns;
        var y = tape.Result(parts[0].Rows, columns);
        var from = 0;
        foreach (var part in parts)
        {
            for (var row = 0; row < y.Rows; row++)
                new Span<float>(part.Value + ((nint)row * part.Columns), part.Columns).CopyTo(new(y.Value + ((nint)row * columns) + from, part.Columns));
            if (tape.Learns)
                Record(tape, part, y, from);
            from += part.Columns;
        }

        return y;
    }

    private static void Record(Tape tape, Node part, Node y, int from) => tape.Record(() =>
    {
        for (var row = 0; row < part.Rows; row++)
            LaneKernels.Run(tape.Isa, new AddScaled(part.Gradient + ((nint)row * part.Columns), y.Gradient + ((nint)row * y.Columns) + from, 1, part.Columns));
    });
}
