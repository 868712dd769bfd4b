using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.People;

namespace Recs.Training.TwoTower;

/// <summary>What an artifact of two towers holds besides the movies' ids and the answer to strangers: all that a movie, known or new, and a person are made into vectors with.</summary>
/// <param name="Sizes">Sizes of the network.</param>
/// <param name="Parameters">Its parameters, where the garbage collector does not move them.</param>
/// <param name="Tau">Decay of the quickest mean of a history.</param>
/// <param name="Features">Rows of the movies' features.</param>
/// <param name="Groups">Rows of the people's groups.</param>
/// <param name="Rows">The movies that it was fitted with, as the catalogue described them then.</param>
internal sealed record TwoTowerModel(TwoTowerSizes Sizes, float[] Parameters, double Tau, MovieFeatures Features, KnownGroups Groups, MovieRows Rows)
{
    private const string SizesSection = "sizes", ParametersSection = "parameters", TauSection = "tau";

    /// <summary>The network.</summary>
    public TwoTowerNetwork Network { get; } = new(Sizes);

    /// <summary>Means of a history.</summary>
    public RecencyBags Recency { get; } = new(Tau, Sizes.Means);

    /// <summary>Freezes it in an artifact.</summary>
    public Artifact AddTo(Artifact artifact)
    {
        Features.AddTo(artifact);
        Groups.AddTo(artifact);
        artifact
            .Add(SizesSection, (ReadOnlySpan<int>)[Sizes.Movies, Sizes.Features, Sizes.Groups, Sizes.Means, Sizes.Width, Sizes.Hidden])
            .Add(TauSection, (ReadOnlySpan<double>)[Tau]);
        Rows.AddTo(artifact);
        return artifact.Add(ParametersSection, (ReadOnlySpan<float>)Parameters); // never empty, as the last section must not be
    }

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <param name="files">Artifact.</param>
    /// <param name="movies">Number of its movies.</param>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static TwoTowerModel Read(ArtifactFiles files, int movies)
    {
        if (files.Section<int>(SizesSection) is not [var own, var features, var groups, var means, var width, var hidden])
            throw new DamagedArtifactException(files.Path, $"section '{SizesSection}' does not hold six sizes");
        var sizes = new TwoTowerSizes(own, features, groups, means, width, hidden);
        var (vocabulary, known) = (MovieFeatures.Read(files), KnownGroups.Read(files));
        var tau = files.Section<double>(TauSection);
        if (new[] { own, features, groups, means, width, hidden }.Any(size => size is < 0 or > 1 << 20) || means == 0 || tau.Length != 1 || vocabulary.Rows != features || known.Rows != groups)
            throw new DamagedArtifactException(files.Path, "its sizes and vocabularies are not those of one network");
        var section = files.Section<float>(ParametersSection);
        var parameters = GC.AllocateUninitializedArray<float>(section.Length, pinned: true);
        section.CopyTo(parameters);
        return new TwoTowerNetwork(sizes).Layout.Count == parameters.Length
            ? new(sizes, parameters, tau[0], vocabulary, known, MovieRows.Read(files, movies, own, features))
            : throw new DamagedArtifactException(files.Path, $"{parameters.Length} parameters are none of a network of its sizes");
    }
}
