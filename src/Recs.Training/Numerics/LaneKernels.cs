namespace Recs.Training.Numerics;

/// <summary>A loop written once over lanes, with its arguments: what <see cref="LaneKernels.Run"/> carries out on an instruction set.</summary>
internal interface ILaneKernel
{
    /// <summary>Carries it out.</summary>
    /// <typeparam name="TLanes">The kind of lanes.</typeparam>
    void Run<TLanes>() where TLanes : struct, ILanes<TLanes>;
}

/// <summary>The one place where a kernel over lanes meets the instruction set.</summary>
internal static class LaneKernels
{
    /// <summary>Carries a kernel out.</summary>
    public static void Run<TKernel>(Isa isa, TKernel kernel) where TKernel : struct, ILaneKernel
    {
        switch (isa)
        {
            case Isa.Avx512:
                kernel.Run<Avx512Lanes>();
                break;
            case Isa.Avx2:
                kernel.Run<Avx2Lanes>();
                break;
            default:
                kernel.Run<PlainLanes>();
                break;
        }
    }
}
