using System.Runtime.InteropServices;
using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.TwoTower;

/// <summary>The vectors of some movies, made once and shared by all readers.</summary>
internal sealed unsafe class MovieVectors
{
    private readonly float[] _seen; // movies x width, pinned
    private readonly float[] _offered;
    private readonly int _movies;
    private readonly int _width;

    /// <summary>Makes them.</summary>
    /// <param name="isa">Instruction set; no number depends on it.</param>
    /// <param name="model">Model.</param>
    /// <param name="rows">Movies.</param>
    public MovieVectors(Isa isa, TwoTowerModel model, MovieRows rows)
    {
        (_movies, _width) = (rows.Count, model.Sizes.Width);
        using var tape = new Tape(isa, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(model.Parameters, 0));
        var seen = model.Network.Movie.Seen(tape, rows);
        (_seen, _offered) = (Kept(seen), Kept(model.Network.Movie.Offered(tape, seen)));
        GC.KeepAlive(model);
    }

    /// <summary>Movies as parts of a history, a row each; valid as long as this is kept alive.</summary>
    public Node Seen => Table(_seen);

    /// <summary>Movies to recommend, a row each; valid as long as this is kept alive.</summary>
    public Node Offered => Table(_offered);

    private static float[] Kept(Node table)
    {
        var kept = GC.AllocateUninitializedArray<float>(Math.Max(1, table.Count), pinned: true);
        new Span<float>(table.Value, table.Count).CopyTo(kept);
        return kept;
    }

    private Node Table(float[] pinned) => new((float*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), null, _movies, _width);
}
