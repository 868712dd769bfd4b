using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>Copies a block into the order in which the innermost loop of a product reads it. Only moves numbers and turns signs, so any vector width gives the same bits.</summary>
internal static unsafe class Packing
{
    private const int Lanes = 8;

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
        var sign = Sign(negate);
        for (var column = 0; column < source.Columns; column++)
        {
            var from = source.At(row, column);
            var to = target + ((nint)column * strip);
            var i = 0;
            for (; i <= rows - Lanes; i += Lanes)
                (Vector256.Load(from + i) ^ sign).Store(to + i);
            for (; i < rows; i++)
                to[i] = negate ? -from[i] : from[i];
        }
    }

    private static void PackStridedRows(MatrixView source, int row, int rows, int strip, bool negate, float* target)
    {
        var canTranspose = source.ColumnStep == 1 && Avx.IsSupported;
        var (wholeRows, wholeColumns) = canTranspose ? (rows / Lanes * Lanes, source.Columns / Lanes * Lanes) : (0, 0);
        for (var i = 0; i < wholeRows; i += Lanes)
            for (var column = 0; column < wholeColumns; column += Lanes)
                Transpose(source.At(row + i, column), source.RowStep, Sign(negate), target + ((nint)column * strip) + i, strip);
        for (var i = 0; i < rows; i++)
        {
            var first = i < wholeRows ? wholeColumns : 0;
            var from = source.At(row + i, first);
            var to = target + i + ((nint)first * strip);
            for (var column = first; column < source.Columns; column++, from += source.ColumnStep, to += strip)
                *to = negate ? -*from : *from;
        }
    }

    /// <summary>Eight rows of eight numbers become eight columns: pairs of rows, then pairs of pairs, are interleaved inside the halves of a register, then the halves are joined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(float* from, nint step, Vector256<float> sign, float* to, nint toStep)
    {
        Vector256<float> r0 = Vector256.Load(from), r1 = Vector256.Load(from + step), r2 = Vector256.Load(from + (2 * step)), r3 = Vector256.Load(from + (3 * step));
        Vector256<float> r4 = Vector256.Load(from + (4 * step)), r5 = Vector256.Load(from + (5 * step)), r6 = Vector256.Load(from + (6 * step)), r7 = Vector256.Load(from + (7 * step));
        Join(Quarter(r0, r1, r2, r3, 0), Quarter(r4, r5, r6, r7, 0), sign, to, toStep);
        Join(Quarter(r0, r1, r2, r3, 1), Quarter(r4, r5, r6, r7, 1), sign, to + toStep, toStep);
        Join(Quarter(r0, r1, r2, r3, 2), Quarter(r4, r5, r6, r7, 2), sign, to + (2 * toStep), toStep);
        Join(Quarter(r0, r1, r2, r3, 3), Quarter(r4, r5, r6, r7, 3), sign, to + (3 * toStep), toStep);
    }

    /// <summary>Column c and column c + 4 of four rows, c from 0 to 3, one in each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Quarter(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, int column) => column switch
    {
        0 => Avx.Shuffle(Avx.UnpackLow(a, b), Avx.UnpackLow(c, d), 0x44),
        1 => Avx.Shuffle(Avx.UnpackLow(a, b), Avx.UnpackLow(c, d), 0xEE),
        2 => Avx.Shuffle(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), 0x44),
        _ => Avx.Shuffle(Avx.UnpackHigh(a, b), Avx.UnpackHigh(c, d), 0xEE),
    };

    /// <summary>Stores the lower halves as one column, the upper halves as the one four further on.</summary>
    /// <param name="top">A quarter of the first four rows.</param>
    /// <param name="bottom">The same quarter of the last four.</param>
    /// <param name="sign">Sign bits to turn.</param>
    /// <param name="to">Place of the first column.</param>
    /// <param name="step">From one column to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(Vector256<float> top, Vector256<float> bottom, Vector256<float> sign, float* to, nint step)
    {
        (Avx.Permute2x128(top, bottom, 0x20) ^ sign).Store(to);
        (Avx.Permute2x128(top, bottom, 0x31) ^ sign).Store(to + (4 * step));
    }

    private static Vector256<float> Sign(bool negate) => Vector256.Create(negate ? -0f : 0f);
}
