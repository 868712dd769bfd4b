namespace Recs.Training.Numerics;

/// <summary>Copies a block into the order in which the innermost loop of a product reads it.</summary>
internal static unsafe class Packing
{
    /// <summary>
    /// Packs strips of <paramref name="strip"/> rows: for each strip, for each column, the strip's numbers of that column. A last strip that is not
    /// full is filled up with zeros.
    /// </summary>
    public static void Pack(MatrixView source, int strip, bool negate, float* target)
    {
        for (var row = 0; row < source.Rows; row += strip, target += (nint)strip * source.Columns)
        {
            var rows = Math.Min(strip, source.Rows - row);
            if (rows < strip)
                new Span<float>(target, strip * source.Columns).Clear();
            if (source.RowStep == 1)
                PackContiguousRows(source, row, rows, strip, negate, target);
            else
                PackStridedRows(source, row, rows, strip, negate, target);
        }
    }

    private static void PackContiguousRows(MatrixView source, int row, int rows, int strip, bool negate, float* target)
    {
        for (var column = 0; column < source.Columns; column++)
        {
            var from = source.At(row, column);
            var to = target + ((nint)column * strip);
            if (negate)
                for (var i = 0; i < rows; i++)
                    to[i] = -from[i];
            else
                new Span<float>(from, rows).CopyTo(new(to, rows));
        }
    }

    private static void PackStridedRows(MatrixView source, int row, int rows, int strip, bool negate, float* target)
    {
        for (var i = 0; i < rows; i++)
        {
            var from = source.At(row + i, 0);
            var to = target + i;
            for (var column = 0; column < source.Columns; column++, from += source.ColumnStep, to += strip)
                *to = negate ? -*from : *from;
        }
    }
}
