using System.Runtime.InteropServices;

namespace Recs.Training.Numerics;

/// <summary>One thread's room for packed blocks of a matrix product.</summary>
internal sealed unsafe class PackBuffers : IDisposable
{
    private const nuint Alignment = 64;
    private float* _a = Allocate(MatrixProduct.BlockRows * MatrixProduct.BlockDepth);
    private float* _b = Allocate(MatrixProduct.BlockDepth * MatrixProduct.BlockColumns);
    private float* _tile = Allocate(MatrixProduct.LargestTile);

    ~PackBuffers() => Free();

    /// <summary>Room for a block of the left factor.</summary>
    public float* A => _a;
    /// <summary>Room for a panel of the right factor.</summary>
    public float* B => _b;
    /// <summary>Room for a tile at the edge of the result.</summary>
    public float* Tile => _tile;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static float* Allocate(int count) => (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), Alignment);

    private void Free()
    {
        NativeMemory.AlignedFree(_a);
        NativeMemory.AlignedFree(_b);
        NativeMemory.AlignedFree(_tile);
        _a = _b = _tile = null;
    }
}
