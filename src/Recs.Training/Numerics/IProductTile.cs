namespace Recs.Training.Numerics;

/// <summary>The innermost loop of a matrix product on one instruction set: a tile of the result kept in registers.</summary>
internal unsafe interface IProductTile
{
    /// <summary>Rows of the tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of the tile.</summary>
    static abstract int Columns { get; }

    /// <summary>Adds to each element of the tile, for k = 0, 1, ..., one fused multiply-add.</summary>
    /// <param name="a"><see cref="Rows"/> numbers per k.</param>
    /// <param name="b"><see cref="Columns"/> numbers per k.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="c">The tile's first element.</param>
    /// <param name="stride">From one row of the tile to the next.</param>
    static abstract void Accumulate(float* a, float* b, int depth, float* c, nint stride);
}
