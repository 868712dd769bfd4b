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

/// <summary>A tile whose columns are whole lanes, and that can also read its left factor from a panel: the result of another product with the same tile.</summary>
internal unsafe interface IPanelTile : IProductTile
{
    /// <summary>Adds to each element of the tile, for k = 0, 1, ... up to <see cref="IProductTile.Columns"/>, one fused multiply-add.</summary>
    /// <param name="panel">Number k of row r is at r x Columns + k.</param>
    /// <param name="b"><see cref="IProductTile.Columns"/> numbers per k.</param>
    /// <param name="c">The tile's first element.</param>
    /// <param name="stride">From one row of the tile to the next.</param>
    static abstract void AccumulatePanel(float* panel, float* b, float* c, nint stride);
}
