using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Vae;

/// <summary>Sizes of the network: all that must be known to read its parameters.</summary>
/// <param name="Movies">Movies of the catalogue.</param>
/// <param name="Width">Numbers that describe a movie, and numbers of a code; a multiple of 16.</param>
/// <param name="Hidden">Numbers of the hidden layer, a multiple of 16.</param>
/// <param name="Scales">Bags that a history is read as (<see cref="HistoryScales"/>).</param>
/// <param name="Genres">Genres whose shares are read; 0 if none.</param>
/// <param name="Groups">Groups of people that are told apart (<see cref="PersonGroups"/>); 0 if none.</param>
internal readonly record struct VaeShape(int Movies, int Width, int Hidden, int Scales, int Genres, int Groups)
{
    /// <summary>The sizes that options ask for.</summary>
    public static VaeShape Of(OptionValues options, int movies, int genres, int groups) => new(
        movies, (int)options["width"] * Lanes.Count, (int)options["hidden"] * Lanes.Count, (int)options["scales"],
        options["genres"] == 0 ? 0 : genres, options["demographics"] == 0 ? 0 : groups);
}
