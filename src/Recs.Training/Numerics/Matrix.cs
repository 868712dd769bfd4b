using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Recs.Training.Numerics;

/// <summary>
/// A row-major matrix of single-precision numbers outside the garbage-collected heap. Rows start at 64-byte boundaries; the places between the
/// last column and the next row are zero.
/// </summary>
public sealed unsafe class Matrix : IDisposable
{
    private float* _data;

    /// <summary>A zero matrix.</summary>
    public Matrix(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        (Rows, Columns, Stride) = (rows, columns, StrideFor(columns));
        _data = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(Bytes, 64), 64);
        NativeMemory.Clear(_data, (nuint)Bytes);
        GC.AddMemoryPressure(Math.Max(Bytes, 1));
    }

    /// <summary>Frees a matrix that nobody disposed.</summary>
    ~Matrix() => Free();

    /// <summary>Number of rows.</summary>
    public int Rows { get; }
    /// <summary>Number of columns.</summary>
    public int Columns { get; }
    /// <summary>Numbers from one row's start to the next's: the columns rounded up to 16.</summary>
    public int Stride { get; }
    /// <summary>Size of the storage.</summary>
    public long Bytes => (long)Rows * Stride * sizeof(float);

    /// <summary>The stride of a matrix with so many columns.</summary>
    public static int StrideFor(int columns) => (columns + 15) & ~15;

    /// <summary>One element.</summary>
    public ref float this[int row, int column]
    {
        get
        {
            if ((uint)row >= (uint)Rows || (uint)column >= (uint)Columns)
                throw new ArgumentOutOfRangeException(nameof(row), $"({row}, {column}) is outside a {Rows} x {Columns} matrix.");
            return ref Unsafe.AsRef<float>(Pointer + ((nint)row * Stride) + column);
        }
    }

    /// <summary>One row, without the padding.</summary>
    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return new(Pointer + ((nint)row * Stride), Columns);
    }

    /// <summary>The first element; valid until the matrix is disposed.</summary>
    internal float* Pointer => _data is null ? throw new ObjectDisposedException(nameof(Matrix)) : _data;

    /// <summary>Rows <c>[from, from + count)</c> with their padding, as bytes.</summary>
    internal ReadOnlySpan<byte> RowBytes(int from, int count)
        => new(Pointer + ((nint)from * Stride), checked(count * Stride * sizeof(float)));

    /// <inheritdoc />
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_data is null)
            return;
        NativeMemory.AlignedFree(_data);
        _data = null;
        GC.RemoveMemoryPressure(Math.Max(Bytes, 1));
    }
}
