using System.Runtime.InteropServices;
using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;

namespace Recs.Training.TwoTower;

/// <summary>A movie scores the product of its vector and the person's. The movies' vectors are made once, when the reader is.</summary>
internal sealed unsafe class TwoTowerReader : TowerReader
{
    private readonly TwoTowerNetwork _network;
    private readonly int _movies;
    private readonly int _width;
    private readonly float[] _seen; // movies x width, pinned
    private readonly float[] _offered;

    /// <summary>Makes the movies' vectors.</summary>
    /// <param name="model">Model.</param>
    /// <param name="rows">Movies.</param>
    public TwoTowerReader(TwoTowerModel model, MovieRows rows) : base(new(model.Tau, model.Sizes.Means), model.Groups, model.Parameters)
    {
        (_network, _movies, _width) = (new(model.Sizes), rows.Count, model.Sizes.Width);
        using var tape = NewTape();
        var seen = _network.Movie.Seen(tape, rows);
        (_seen, _offered) = (Kept(seen), Kept(_network.Movie.Offered(tape, seen)));
    }

    /// <inheritdoc />
    protected override void Score(Tape tape, PersonBatch person, float* scores)
        => LaneKernels.Run(Isa, new Products(_network.VectorsOf(tape, Table(_seen), person).Value, Table(_offered), scores));

    /// <inheritdoc />
    protected override void Score(Tape tape, PersonBatch people, int movie, float* scores)
        => LaneKernels.Run(Isa, new Products(Table(_offered).Part(movie, 1).Value, _network.VectorsOf(tape, Table(_seen), people), scores));

    private static float[] Kept(Node table)
    {
        var kept = GC.AllocateUninitializedArray<float>(Math.Max(1, table.Count), pinned: true);
        new Span<float>(table.Value, table.Count).CopyTo(kept);
        return kept;
    }

    private Node Table(float[] pinned) => new((float*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), null, _movies, _width);

    private readonly struct Products(float* vector, Node rows, float* to) : ILaneKernel
    {
        private readonly float* _vector = vector, _to = to;
        private readonly Node _rows = rows;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => FactorRows<TLanes>.AllDots(_vector, _rows.Value, _rows.Columns, _rows.Rows, _to);
    }
}
