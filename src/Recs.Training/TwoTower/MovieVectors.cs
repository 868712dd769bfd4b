using System.Runtime.InteropServices;
using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.TwoTower;

/// <summary>The vectors of some movies, made once and shared by all readers.</summary>
/// <param name="Seen">As parts of a history, a row each.</param>
/// <param name="Offered">As movies to recommend, a row each.</param>
internal sealed record MovieVectors(KeptRows Seen, KeptRows Offered)
{
    /// <summary>Makes them.</summary>
    /// <param name="isa">Instruction set; no number depends on it.</param>
    /// <param name="model">Model.</param>
    /// <param name="rows">Movies.</param>
    public static unsafe MovieVectors Of(Isa isa, TwoTowerModel model, MovieRows rows)
    {
        using var tape = new Tape(isa, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(model.Parameters, 0));
        var seen = model.Network.Movie.Seen(tape, rows);
        var vectors = new MovieVectors(new(seen), new(model.Network.Movie.Offered(tape, seen)));
        GC.KeepAlive(model);
        return vectors;
    }
}
