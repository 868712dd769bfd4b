using System.Runtime.InteropServices;
using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.SasRec;

/// <summary>What an artifact of the network holds besides the movies' ids and the answer to strangers: all that a movie, known or new, and a history are described with.</summary>
/// <param name="Shape">Sizes.</param>
/// <param name="Parameters">Its parameters, where the garbage collector does not move them.</param>
/// <param name="Features">Rows of the movies' features.</param>
/// <param name="Rows">The movies that it was fitted with, as the catalogue described them then.</param>
internal sealed record SasRecModel(SasRecShape Shape, float[] Parameters, MovieFeatures Features, MovieRows Rows)
{
    private const string ParametersSection = "parameters";

    /// <summary>The network.</summary>
    public SasRecNetwork Network { get; } = new(Shape);

    /// <summary>Makes the rows that describe some movies, once for all readers.</summary>
    /// <param name="isa">Instruction set; no number depends on it.</param>
    /// <param name="movies">Movies.</param>
    public unsafe KeptRows Describe(Isa isa, MovieRows movies)
    {
        using var tape = new Tape(isa, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(Parameters, 0));
        return new(Network.Movies.Apply(tape, movies));
    }

    /// <summary>Freezes it in an artifact.</summary>
    public Artifact AddTo(Artifact artifact)
    {
        Shape.AddTo(artifact);
        Features.AddTo(artifact);
        Rows.AddTo(artifact);
        return artifact.Add(ParametersSection, (ReadOnlySpan<float>)Parameters);
    }

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <param name="files">Artifact.</param>
    /// <param name="movies">Number of its movies.</param>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static SasRecModel Read(ArtifactFiles files, int movies)
    {
        var shape = SasRecShape.Read(files);
        var features = MovieFeatures.Read(files);
        if (features.Rows != shape.Features)
            throw new DamagedArtifactException(files.Path, $"{features.Rows} features are not the {shape.Features} of its network");
        var section = files.Section<float>(ParametersSection);
        var parameters = GC.AllocateUninitializedArray<float>(section.Length, pinned: true);
        section.CopyTo(parameters);
        return new SasRecNetwork(shape).Layout.Count == parameters.Length
            ? new(shape, parameters, features, MovieRows.Read(files, movies, shape.Movies, shape.Features))
            : throw new DamagedArtifactException(files.Path, $"{parameters.Length} parameters are none of a network of its sizes");
    }
}
