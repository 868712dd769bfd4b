using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;
using Recs.Training.Scoring;

namespace Recs.Training.SasRec;

/// <summary>As many readers of one network as there are callers at a time. The movies' rows are made once.</summary>
internal sealed unsafe class MomentReaders : IHistoryReader
{
    private readonly SasRecNetwork _network;
    private readonly float[] _parameters;
    private readonly float[] _table; // movies x width, pinned
    private readonly int _movies;
    private readonly ConcurrentBag<MomentReader> _free = [];

    /// <summary>Makes the movies' rows.</summary>
    /// <param name="network">Network.</param>
    /// <param name="parameters">Its parameters, where the garbage collector does not move them.</param>
    /// <param name="rows">Movies.</param>
    public MomentReaders(SasRecNetwork network, float[] parameters, MovieRows rows)
    {
        (_network, _parameters, _movies) = (network, parameters, rows.Count);
        _table = GC.AllocateUninitializedArray<float>(Math.Max(1, rows.Count * network.Shape.Width), pinned: true);
        using var tape = NewTape();
        var table = network.Movies.Apply(tape, rows);
        new Span<float>(table.Value, table.Count).CopyTo(_table);
    }

    /// <summary>Instruction set of the kernels; no score depends on it.</summary>
    public Isa Isa { get; init; } = InstructionSets.Chosen;

    /// <inheritdoc />
    public void Score(in UserState user, Span<float> scores)
    {
        var reader = Take();
        reader.Score(user, scores);
        _free.Add(reader);
    }

    /// <inheritdoc />
    public void Explain(in UserState user, int movie, Span<float> shares)
    {
        var reader = Take();
        reader.Explain(user, movie, shares);
        _free.Add(reader);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        while (_free.TryTake(out var reader))
            reader.Dispose();
    }

    private MomentReader Take()
        => _free.TryTake(out var reader) ? reader : new(_network, NewTape(), new((float*)Marshal.UnsafeAddrOfPinnedArrayElement(_table, 0), null, _movies, _network.Shape.Width));

    private Tape NewTape() => new(Isa, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_parameters, 0));
}
