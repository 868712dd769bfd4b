using System.Runtime.InteropServices;

namespace Recs.Training.Neural;

/// <summary>Memory that is handed out piece by piece and taken back all at once. Pieces begin at 64-byte boundaries. For one thread at a time.</summary>
internal sealed unsafe class Arena : IDisposable
{
    private const nuint Alignment = 64;
    private const nuint BlockBytes = 4 << 20;
    private readonly List<(nint Start, nuint Bytes)> _blocks = [];
    private int _block = -1;
    private nuint _used;

    ~Arena() => Free();

    /// <summary>Bytes held, in use or not.</summary>
    public long Bytes => _blocks.Sum(block => (long)block.Bytes);

    /// <summary>Hands out room; what it holds is left over from before.</summary>
    public T* Take<T>(long count) where T : unmanaged
    {
        var bytes = checked(((nuint)count * (nuint)sizeof(T)) + Alignment - 1) & ~(Alignment - 1);
        while (_block < 0 || _used + bytes > _blocks[_block].Bytes)
        {
            if (++_block == _blocks.Count)
                _blocks.Add(((nint)NativeMemory.AlignedAlloc(nuint.Max(bytes, BlockBytes), Alignment), nuint.Max(bytes, BlockBytes)));
            _used = 0;
        }

        var taken = (T*)(_blocks[_block].Start + (nint)_used);
        _used += bytes;
        return taken;
    }

    /// <summary>Hands out room that holds zeros.</summary>
    public float* TakeZeros(long count)
    {
        var taken = Take<float>(count);
        NativeMemory.Clear(taken, (nuint)count * sizeof(float));
        return taken;
    }

    /// <summary>How far room is handed out.</summary>
    public (int Block, nuint Used) Mark => (_block, _used);

    /// <summary>Takes back what was handed out since a mark; what was before stays.</summary>
    public void Release((int Block, nuint Used) mark) => (_block, _used) = mark;

    /// <summary>Takes everything back; the memory is kept for the next round.</summary>
    public void Clear() => (_block, _used) = (_blocks.Count == 0 ? -1 : 0, 0);

    /// <inheritdoc />
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (var (start, _) in _blocks)
            NativeMemory.AlignedFree((void*)start);
        _blocks.Clear();
        Clear();
    }
}
