using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.SasRec;

/// <summary>Sizes of the network: all that must be known to read its parameters.</summary>
/// <param name="Movies">Movies of the catalogue.</param>
/// <param name="Width">Numbers that describe a movie or a moment of a history, a multiple of 16.</param>
/// <param name="Blocks">Layers of attention and mixing.</param>
/// <param name="Heads">Heads of each attention; the width of each is a multiple of 16.</param>
/// <param name="Mixing">Numbers between the two maps of a block's mixing, a multiple of 16.</param>
/// <param name="Window">Movies of a history that are looked at, at most.</param>
internal readonly record struct SasRecShape(int Movies, int Width, int Blocks, int Heads, int Mixing, int Window)
{
    /// <summary>Ratings that a movie of a history may have: none, or 1 to 10 half stars.</summary>
    public const int Ratings = 11;

    /// <summary>Distances between two movies of a history that have a bias of their own.</summary>
    public int Distances => Matrix.StrideFor(Window);

    /// <summary>Reads the sizes.</summary>
    public static SasRecShape Of(OptionValues options, int movies)
    {
        var (width, heads) = ((int)options["width"] * Lanes.Count, (int)options["heads"]);
        return new(movies, width, (int)options["blocks"], heads, width * (int)options["mixing"], (int)options["window"]);
    }
}
