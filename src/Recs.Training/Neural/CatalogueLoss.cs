using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>What each row of a hidden matrix should have told: movies with weights.</summary>
/// <param name="start">Place of each row's first movie, and behind the last row the number of entries.</param>
/// <param name="movie">Row of the table per entry.</param>
/// <param name="weight">Weight of each entry in the loss.</param>
internal readonly struct Targets(int[] start, int[] movie, float[] weight)
{
    public readonly int[] Start = start;
    public readonly int[] Movie = movie;
    public readonly float[] Weight = weight;

    /// <summary>Movies that a row is not asked about: it loses nothing by what it says of them, and no other movie is told apart from them. Null if every row is asked about all.</summary>
    public LeftOutMovies? LeftOut { get; init; }
}

/// <summary>Per row some movies, none of them a target of the row.</summary>
/// <param name="Movies">Rows of the table, in lists that rows may share.</param>
/// <param name="From">Place of each row's first movie.</param>
/// <param name="To">Place behind each row's last movie.</param>
internal readonly record struct LeftOutMovies(int[] Movies, int[] From, int[] To);

/// <summary>
/// Softmax cross-entropy over the whole catalogue: Σ over rows and targets of weight (log Σ exp(h e + b) - h e(target) - b(target)). The products of rows and movies are never all
/// there at once: a panel of some rows by all movies stays in the second-level cache while the products, the softmax and the gradients of rows and movies are taken from it, so the
/// gradient is complete when the loss is known and nothing is left for the way back.
/// </summary>
internal static unsafe class CatalogueLoss
{
    /// <summary>Computes the loss and, on a tape that learns, adds its gradients at once to those of its arguments.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="hidden">n x width.</param>
    /// <param name="table">movies x width.</param>
    /// <param name="bias">1 x movies, rounded up to 16.</param>
    /// <param name="movies">Rows of the table that are movies.</param>
    /// <param name="targets">What each row should have told.</param>
    /// <returns>The loss.</returns>
    public static double Apply(Tape tape, Node hidden, Node table, Node bias, int movies, Targets targets)
    {
        hidden.Require(hidden.Rows, table.Columns, nameof(hidden));
        bias.Require(1, Math.Max(bias.Columns, Matrix.StrideFor(movies)), nameof(bias));
        table.Part(0, movies).Require(movies, table.Columns, nameof(table));
        return tape.Isa switch
        {
            Isa.Avx512 => new CataloguePanel<Avx512Tile, Avx512Lanes>(tape, hidden, table, bias, movies).Run(targets),
            Isa.Avx2 => new CataloguePanel<Avx2Tile, Avx2Lanes>(tape, hidden, table, bias, movies).Run(targets),
            _ => new CataloguePanel<PlainPanelTile, PlainLanes>(tape, hidden, table, bias, movies).Run(targets),
        };
    }
}
