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

/// <summary>A tile whose columns are whole lanes, and whose left factor may lie in memory as it will: a matrix, its transpose, or the result of another product.</summary>
internal unsafe interface IPanelTile : IProductTile
{
    /// <summary>Adds to each element of the tile, for k = 0, 1, ..., one fused multiply-add.</summary>
    /// <param name="a">Number k of row r is at r x <paramref name="rowStep"/> + k x <paramref name="depthStep"/>.</param>
    /// <param name="rowStep">From one row of the left factor to the next.</param>
    /// <param name="depthStep">From one k to the next.</param>
    /// <param name="b"><see cref="IProductTile.Columns"/> numbers per k.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="c">The tile's first element.</param>
    /// <param name="stride">From one row of the tile to the next.</param>
    static abstract void Accumulate(float* a, nint rowStep, nint depthStep, float* b, int depth, float* c, nint stride);
}
