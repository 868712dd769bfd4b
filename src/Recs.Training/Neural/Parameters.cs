using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>Where a matrix of parameters lies among all of them.</summary>
/// <param name="Offset">Its first number.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns, a multiple of 16.</param>
internal readonly record struct ParameterSlot(int Offset, int Rows, int Columns)
{
    /// <summary>How many numbers.</summary>
    public int Count => Rows * Columns;
}

/// <summary>The matrices of a network, laid out one after the other, and the numbers that they begin with.</summary>
internal sealed class ParameterLayout
{
    private readonly List<(ParameterSlot Slot, float Mean, float Spread)> _slots = [];

    /// <summary>Numbers in all.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a matrix.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, a multiple of 16.</param>
    /// <param name="mean">What its numbers begin near.</param>
    /// <param name="spread">They are drawn evenly from mean - spread to mean + spread.</param>
    public ParameterSlot Add(int rows, int columns, float mean = 0, float spread = 0)
    {
        if (columns % Lanes.Count != 0)
            throw new ArgumentException($"{columns} columns are no multiple of {Lanes.Count}.", nameof(columns));
        var slot = new ParameterSlot(Count, rows, columns);
        _slots.Add((slot, mean, spread));
        Count = checked(Count + slot.Count);
        return slot;
    }

    /// <summary>Adds a matrix that maps rows of one size to rows of another: spread so that neither numbers nor gradients grow on the way (Glorot and Bengio, 2010).</summary>
    public ParameterSlot AddMap(int from, int to) => Add(from, to, 0, (float)Math.Sqrt(6.0 / (from + to)));

    /// <summary>Draws the first numbers.</summary>
    /// <param name="random">One draw per number, by its place.</param>
    /// <returns>Numbers that the garbage collector does not move.</returns>
    public float[] Draw(CounterRandom random)
    {
        const float inverse = 1f / (1 << 24);
        var drawn = GC.AllocateArray<float>(Count, pinned: true);
        foreach (var (slot, mean, spread) in _slots)
            for (var i = slot.Offset; i < slot.Offset + slot.Count; i++)
                drawn[i] = mean + (spread == 0 ? 0 : spread * ((2 * (random.Bits((ulong)i) >> 40) * inverse) - 1));
        return drawn;
    }
}
