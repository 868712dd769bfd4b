using Recs.Training.Artifacts;
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

    /// <summary>Section of an artifact that holds the parameters.</summary>
    public const string Parameters = "parameters";

    private const string Section = "shape";
    private const int Sizes = 5, Largest = 1 << 20;

    /// <summary>Freezes the sizes in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(Section, (ReadOnlySpan<int>)[Width, Hidden, Scales, Genres, Groups]);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <param name="files">Artifact.</param>
    /// <param name="reading">What people are read by.</param>
    /// <exception cref="DamagedArtifactException">They are not the sizes of a network that reads people so.</exception>
    public static VaeShape Read(ArtifactFiles files, PersonReading reading)
    {
        var sizes = files.Section<int>(Section);
        return sizes.Length == Sizes && !sizes[..3].ContainsAnyExceptInRange(1, Largest) && sizes[0] % Lanes.Count == 0 && sizes[1] % Lanes.Count == 0
            && sizes[2] == reading.Scales.Count && (sizes[3] == 0 || sizes[3] == reading.Genres.Count) && (sizes[4] == 0 || sizes[4] == reading.Groups.Count)
            ? new(reading.Known.Length, sizes[0], sizes[1], sizes[2], sizes[3], sizes[4])
            : throw new DamagedArtifactException(files.Path, $"section '{Section}' holds no sizes of a network: {string.Join(", ", sizes.ToArray())}");
    }
}
