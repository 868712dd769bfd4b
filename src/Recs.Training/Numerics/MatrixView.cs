namespace Recs.Training.Numerics;

/// <summary>A rectangle of single-precision numbers in memory: element (i, j) is at <c>Start[i * RowStep + j * ColumnStep]</c>.</summary>
internal readonly unsafe struct MatrixView(float* start, int rows, int columns, nint rowStep, nint columnStep)
{
    public readonly float* Start = start;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly nint RowStep = rowStep;
    public readonly nint ColumnStep = columnStep;

    /// <summary>The whole of a matrix.</summary>
    public static MatrixView Of(Matrix matrix) => new(matrix.Pointer, matrix.Rows, matrix.Columns, matrix.Stride, 1);

    /// <summary>A rectangle inside this one.</summary>
    public MatrixView Block(int row, int column, int rows, int columns)
        => row >= 0 && column >= 0 && rows >= 0 && columns >= 0 && row + rows <= Rows && column + columns <= Columns
            ? new(At(row, column), rows, columns, RowStep, ColumnStep)
            : throw new ArgumentOutOfRangeException(nameof(row), $"Block ({row}, {column}) of {rows} x {columns} is outside {Rows} x {Columns}.");

    /// <summary>The same numbers with rows and columns swapped.</summary>
    public MatrixView Transposed => new(Start, Columns, Rows, ColumnStep, RowStep);

    /// <summary>Address of an element.</summary>
    public float* At(int row, int column) => Start + (row * RowStep) + (column * ColumnStep);
}
