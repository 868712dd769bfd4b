using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.SasRec;

/// <summary>Sizes of the network: all that must be known to find its parameters.</summary>
/// <param name="Movies">Movies of the catalogue.</param>
/// <param name="Width">Numbers that describe a movie or a moment of a history, a multiple of 16.</param>
/// <param name="Blocks">Layers of attention and mixing.</param>
/// <param name="Heads">Heads of each attention; they share the width evenly.</param>
/// <param name="Mixing">Numbers between the two maps of a block's mixing, a multiple of 16.</param>
/// <param name="Window">Movies of a history that are looked at, at most.</param>
internal readonly record struct SasRecShape(int Movies, int Width, int Blocks, int Heads, int Mixing, int Window)
{
    /// <summary>Section of an artifact that holds the parameters.</summary>
    public const string Parameters = "parameters";

    /// <summary>What a movie of a history may be rated: not at all, or 1 to 10 half stars.</summary>
    public const int Ratings = 11;

    private const string Section = "shape";

    /// <summary>Distances between two movies of a history that have a bias of their own.</summary>
    public int Distances => Matrix.StrideFor(Window);

    /// <summary>Reads the sizes that were asked for.</summary>
    /// <exception cref="InvalidDataException">The heads do not divide the width.</exception>
    public static SasRecShape Of(OptionValues options, int movies)
    {
        var (width, heads) = ((int)options["width"] * Lanes.Count, (int)options["heads"]);
        return width % heads == 0
            ? new(movies, width, (int)options["blocks"], heads, width * (int)options["mixing"], (int)options["window"])
            : throw new InvalidDataException($"heads={heads} does not divide the width of {width} numbers (width={width / Lanes.Count} times {Lanes.Count}).");
    }

    /// <summary>Freezes the sizes in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(Section, (ReadOnlySpan<int>)[Width, Blocks, Heads, Mixing, Window]);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">They are no sizes of a network.</exception>
    public static SasRecShape Read(ArtifactFiles files, int movies)
    {
        var sizes = files.Section<int>(Section);
        if (sizes.Length != 5 || sizes.ContainsAnyExceptInRange(1, 1 << 20) || sizes[0] % Lanes.Count != 0 || sizes[3] % Lanes.Count != 0 || sizes[0] % sizes[2] != 0)
            throw new DamagedArtifactException(files.Path, $"section '{Section}' holds no sizes of a network: {string.Join(", ", sizes.ToArray())}");
        return new(movies, sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]);
    }
}
