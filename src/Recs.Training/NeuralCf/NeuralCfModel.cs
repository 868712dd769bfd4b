using Recs.Training.Artifacts;
using Recs.Training.People;

namespace Recs.Training.NeuralCf;

/// <summary>What an artifact holds besides the movies' ids and the answer to strangers.</summary>
/// <param name="Sizes">Sizes of the network.</param>
/// <param name="Parameters">Its parameters, where the garbage collector does not move them.</param>
/// <param name="Tau">Decay of the quickest mean of a history.</param>
/// <param name="Groups">Rows of the people's groups.</param>
internal sealed record NeuralCfModel(NeuralCfSizes Sizes, float[] Parameters, double Tau, KnownGroups Groups)
{
    private const string SizesSection = "sizes", ParametersSection = "parameters", TauSection = "tau";
    private const int GreatestSize = 1 << 24;

    /// <summary>The network.</summary>
    public NeuralCfNetwork Network { get; } = new(Sizes);

    /// <summary>Means of a history.</summary>
    public RecencyBags Recency { get; } = new(Tau, Sizes.Means);

    /// <summary>Freezes it in an artifact.</summary>
    public Artifact AddTo(Artifact artifact)
    {
        Groups.AddTo(artifact);
        return artifact
            .Add(SizesSection, (ReadOnlySpan<int>)[Sizes.Movies, Sizes.Groups, Sizes.Means, Sizes.Width, Sizes.Hidden, Sizes.Pair])
            .Add(TauSection, (ReadOnlySpan<double>)[Tau])
            .Add(ParametersSection, (ReadOnlySpan<float>)Parameters); // never empty, as the last section must not be
    }

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <param name="files">Artifact.</param>
    /// <param name="movies">Number of its movies.</param>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static NeuralCfModel Read(ArtifactFiles files, int movies)
    {
        if (files.Section<int>(SizesSection) is not [var rows, var groups, var means, var width, var hidden, var pair])
            throw new DamagedArtifactException(files.Path, $"section '{SizesSection}' does not hold six sizes");
        var known = KnownGroups.Read(files);
        var tau = files.Section<double>(TauSection);
        if (rows != movies || known.Rows != groups || means < 1 || tau.Length != 1 || new[] { means, width, hidden, pair }.Any(size => size is < 1 or > GreatestSize))
            throw new DamagedArtifactException(files.Path, "its sizes are not those of one network");
        var sizes = new NeuralCfSizes(rows, groups, means, width, hidden, pair);
        var section = files.Section<float>(ParametersSection);
        if (new NeuralCfNetwork(sizes).Layout.Count != section.Length)
            throw new DamagedArtifactException(files.Path, $"{section.Length} parameters are none of a network of its sizes");
        var parameters = GC.AllocateUninitializedArray<float>(section.Length, pinned: true);
        section.CopyTo(parameters);
        return new(sizes, parameters, tau[0], known);
    }
}
