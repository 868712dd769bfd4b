namespace Recs.Training.Neural;

/// <summary>y = y + x W, row by row: one of several inputs of a layer.</summary>
internal static class Map
{
    /// <summary>Adds it in place.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="x">n x from.</param>
    /// <param name="weights">from x to.</param>
    /// <param name="onto">n x to; no step before this one may need its numbers on the way back.</param>
    public static void Add(Tape tape, Node x, Node weights, Node onto)
    {
        tape.AddProduct(x.Values, weights.Values, onto.Values);
        if (tape.Learns)
            Record(tape, x, weights, onto);
    }

    private static void Record(Tape tape, Node x, Node weights, Node y) => tape.Record(() =>
    {
        tape.AddProduct(x.Values.Transposed, y.Gradients, weights.Gradients);
        tape.AddProduct(y.Gradients, weights.Values.Transposed, x.Gradients);
    });
}
