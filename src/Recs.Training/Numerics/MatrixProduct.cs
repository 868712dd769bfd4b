namespace Recs.Training.Numerics;

/// <summary>
/// Matrix products C = C + A B and C = C - A B in single precision. Each element of C takes one fused multiply-add per k, for k = 0, 1, ... in this
/// order, starting from its former value; blocks and tiles only interrupt that chain, never regroup it. Therefore instruction set, block sizes and
/// number of threads do not change a bit of the result. Blocking and packing as in Goto and van de Geijn, "Anatomy of High-Performance
/// Matrix Multiplication" (2008).
/// </summary>
public static unsafe class MatrixProduct
{
    internal const int BlockRows = 192; // x depth = 192 KiB of packed A: stays in the second-level cache
    internal const int BlockDepth = 256; // x a tile's columns = 32 KiB of packed B: stays in the first-level cache
    internal const int BlockColumns = 1024; // x depth = 1 MiB of packed B: stays in the third-level cache
    internal const int LargestTile = 8 * 32;

    /// <summary>C = C + A B.</summary>
    public static void Add(Compute compute, Matrix a, Matrix b, Matrix c) => Run(compute, MatrixView.Of(a), MatrixView.Of(b), MatrixView.Of(c), subtract: false);

    /// <summary>C = C - A B.</summary>
    public static void Subtract(Compute compute, Matrix a, Matrix b, Matrix c) => Run(compute, MatrixView.Of(a), MatrixView.Of(b), MatrixView.Of(c), subtract: true);

    /// <summary>The product on several threads, each with its own columns of C.</summary>
    internal static void Run(Compute compute, MatrixView a, MatrixView b, MatrixView c, bool subtract)
    {
        var columnsAtATime = Math.Min(BlockColumns, ((c.Columns / (2 * compute.Threads)) + 31) & ~31); // few jobs, as each packs all of A
        columnsAtATime = Math.Max(columnsAtATime, 32);
        Workers.Run(compute.Threads, (c.Columns + columnsAtATime - 1) / columnsAtATime, static () => new PackBuffers(), (buffers, job) =>
        {
            var first = job * columnsAtATime;
            var count = Math.Min(columnsAtATime, c.Columns - first);
            Run(compute.Isa, buffers, a, b.Block(0, first, b.Rows, count), c.Block(0, first, c.Rows, count), subtract);
        });
    }

    /// <summary>The product on the caller's thread. The rows of C must be contiguous.</summary>
    internal static void Run(Isa isa, PackBuffers buffers, MatrixView a, MatrixView b, MatrixView c, bool subtract)
    {
        if (a.Rows != c.Rows || b.Columns != c.Columns || a.Columns != b.Rows || c.ColumnStep != 1)
            throw new ArgumentException($"Cannot add the product of {a.Rows} x {a.Columns} and {b.Rows} x {b.Columns} to {c.Rows} x {c.Columns}.");
        switch (isa)
        {
            case Isa.Avx512:
                Blocked<Avx512Tile>(buffers, a, b, c, subtract);
                break;
            case Isa.Avx2:
                Blocked<Avx2Tile>(buffers, a, b, c, subtract);
                break;
            default:
                Blocked<PlainTile>(buffers, a, b, c, subtract);
                break;
        }
    }

    private static void Blocked<TTile>(PackBuffers buffers, MatrixView a, MatrixView b, MatrixView c, bool subtract) where TTile : struct, IProductTile
    {
        for (var column = 0; column < c.Columns; column += BlockColumns)
        {
            var columns = Math.Min(BlockColumns, c.Columns - column);
            for (var k = 0; k < a.Columns; k += BlockDepth)
            {
                var depth = Math.Min(BlockDepth, a.Columns - k);
                Packing.Pack(b.Block(k, column, depth, columns).Transposed, TTile.Columns, negate: false, buffers.B);
                for (var row = 0; row < c.Rows; row += BlockRows)
                {
                    var rows = Math.Min(BlockRows, c.Rows - row);
                    Packing.Pack(a.Block(row, k, rows, depth), TTile.Rows, subtract, buffers.A);
                    Tiles<TTile>(buffers, depth, c.Block(row, column, rows, columns));
                }
            }
        }
    }

    private static void Tiles<TTile>(PackBuffers buffers, int depth, MatrixView c) where TTile : struct, IProductTile
    {
        for (var j = 0; j < c.Columns; j += TTile.Columns)
        {
            var b = buffers.B + ((nint)j * depth);
            for (var i = 0; i < c.Rows; i += TTile.Rows)
            {
                var a = buffers.A + ((nint)i * depth);
                if (i + TTile.Rows <= c.Rows && j + TTile.Columns <= c.Columns)
                    TTile.Accumulate(a, b, depth, c.At(i, j), c.RowStep);
                else
                    EdgeTile<TTile>(buffers.Tile, a, b, depth, c.Block(i, j, Math.Min(TTile.Rows, c.Rows - i), Math.Min(TTile.Columns, c.Columns - j)));
            }
        }
    }

    /// <summary>A tile that reaches over the edge of C is computed beside it; what lies over the edge is dropped.</summary>
    private static void EdgeTile<TTile>(float* tile, float* a, float* b, int depth, MatrixView c) where TTile : struct, IProductTile
    {
        new Span<float>(tile, LargestTile).Clear();
        for (var i = 0; i < c.Rows; i++)
            new Span<float>(c.At(i, 0), c.Columns).CopyTo(new(tile + (i * TTile.Columns), c.Columns));
        TTile.Accumulate(a, b, depth, tile, TTile.Columns);
        for (var i = 0; i < c.Rows; i++)
            new Span<float>(tile + (i * TTile.Columns), c.Columns).CopyTo(new(c.At(i, 0), c.Columns));
    }
}
