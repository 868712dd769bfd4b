using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>Memory as the processor moves it.</summary>
internal static unsafe class CacheLines
{
    private const int Numbers = 16;

    /// <summary>Asks for numbers that will be needed soon, so that they are on their way meanwhile. Where they lie need not even be memory: nothing happens then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* from, int count)
    {
        if (Sse.IsSupported)
            for (var i = 0; i < count; i += Numbers)
                Sse.Prefetch0(from + i);
    }
}
