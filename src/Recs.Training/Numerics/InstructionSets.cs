using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>Instruction sets that the kernels are written for. All of them give the same bits.</summary>
public enum Isa
{
    /// <summary>Scalar code with fused multiply-add, for any machine.</summary>
    Plain,
    /// <summary>AVX2 with FMA, 8 lanes.</summary>
    Avx2,
    /// <summary>AVX-512F, 16 lanes.</summary>
    Avx512,
}

/// <summary>Which instruction set the kernels use, and on how many threads.</summary>
/// <param name="Isa">Instruction set.</param>
/// <param name="Threads">Threads at most, from 1.</param>
public readonly record struct Compute(Isa Isa, int Threads);

/// <summary>What this machine can run, and what it shall run.</summary>
public static class InstructionSets
{
    /// <summary>Environment variable that overrides the choice: <c>avx512</c>, <c>avx2</c> or <c>plain</c>.</summary>
    public const string Variable = "RECS_ISA";

    /// <summary>Supported sets, plainest first. Asks for the instructions, since <c>Vector512.IsHardwareAccelerated</c> may be false where AVX-512 runs.</summary>
    public static IReadOnlyList<Isa> Supported { get; } = [.. Enum.GetValues<Isa>().Where(IsSupported)];

    /// <summary>The instruction set in use: the best supported one, unless <see cref="Variable"/> names another.</summary>
    public static Isa Chosen { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Whether the machine has an instruction set.</summary>
    public static bool IsSupported(Isa isa) => isa switch
    {
        Isa.Avx512 => Avx512F.IsSupported,
        Isa.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };

    /// <summary>Reads an override; null or empty means the best supported set.</summary>
    /// <exception cref="ArgumentException">An unknown name, or a set that the machine lacks.</exception>
    public static Isa Choose(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return Supported[^1];
        if (!Enum.TryParse<Isa>(name, ignoreCase: true, out var isa) || !Enum.IsDefined(isa))
            throw new ArgumentException($"{Variable} is '{name}', but must be avx512, avx2 or plain.");
        return IsSupported(isa) ? isa : throw new ArgumentException($"{Variable} is '{name}', but this machine has only: {string.Join(", ", Supported)}.");
    }
}
