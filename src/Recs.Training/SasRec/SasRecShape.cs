using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.SasRec;

/// <summary>Sizes of the network: all that must be known to find its parameters.</summary>
/// <param name="Movies">Movies that have a row of their own.</param>
/// <param name="Features">Rows of the movies' features.</param>
/// <param name="Width">Numbers that describe a movie or a moment of a history, a multiple of 16.</param>
/// <param name="Blocks">Layers of attention and mixing.</param>
/// <param name="Heads">Heads of each attention; they share the width evenly.</param>
/// <param name="Mixing">Numbers between the two maps of a block's mixing, a multiple of 16.</param>
/// <param name="Window">Movies of a history that are looked at, at most.</param>
internal readonly record struct SasRecShape(int Movies, int Features, int Width, int Blocks, int Heads, int Mixing, int Window)
{
    private const string Section = "shape";

    /// <summary>Distances between two movies of a history that have a bias of their own.</summary>
    public int Distances => Matrix.StrideFor(Window);

    /// <summary>Reads the sizes that were asked for.</summary>
    /// <exception cref="InvalidDataException">The heads do not divide the width.</exception>
    public static SasRecShape Of(OptionValues options, int movies, int features)
    {
        var (width, heads) = ((int)options["width"] * Lanes.Count, (int)options["heads"]);
        return width % heads == 0
            ? new(movies, features, width, (int)options["blocks"], heads, width * (int)options["mixing"], (int)options["window"])
            : throw new InvalidDataException($"heads={heads} does not divide the width of {width} numbers (width={width / Lanes.Count} times {Lanes.Count}).");
    }

    /// <summary>Freezes the sizes in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(Section, (ReadOnlySpan<int>)[Movies, Features, Width, Blocks, Heads, Mixing, Window]);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">They are no sizes of a network.</exception>
    public static SasRecShape Read(ArtifactFiles files)
    {
        var sizes = files.Section<int>(Section);
        return sizes is [var movies, var features, var width, var blocks, var heads, var mixing, var window]
            && !sizes.ContainsAnyExceptInRange(1, 1 << 20) && width % Lanes.Count == 0 && mixing % Lanes.Count == 0 && width % heads == 0
            ? new(movies, features, width, blocks, heads, mixing, window)
            : throw new DamagedArtifactException(files.Path, $"section '{Section}' holds no sizes of a network: {string.Join(", ", sizes.ToArray())}");
    }
}
