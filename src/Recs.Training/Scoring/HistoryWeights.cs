using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Scoring;

/// <summary>
/// How much each movie of a history counts, by its age: 0 for the most recent movie, 1 for the one before. A weight is either listed or, past the list, one constant.
/// </summary>
internal sealed class HistoryWeights
{
    private const string SectionName = "weights";
    private const int ListedDecays = 20; // past 20 tau the decaying part is below 3e-9 of the first weight

    private readonly float[] _listed;
    private readonly float _beyond;

    /// <summary>Weights by age.</summary>
    /// <param name="listed">Weights of the ages 0, 1, ...</param>
    /// <param name="beyond">Weight of every greater age.</param>
    public HistoryWeights(float[] listed, float beyond) => (_listed, _beyond) = (listed, beyond);

    /// <summary>Weight of an age.</summary>
    public float this[int age] => age < _listed.Length ? _listed[age] : _beyond;

    /// <summary>How many of a history's movies count at most.</summary>
    public int Window => _beyond == 0 ? _listed.Length : int.MaxValue;

    /// <summary>The options that <see cref="Of"/> reads.</summary>
    public static OptionDescription[] Options(double tau, double floor, string source) =>
    [
        new("tau", "decay of a movie's weight, in movies of the history: the weight is floor + (1 - floor) exp(-age / tau)", 0.2, 1_000, tau, source) { Search = new(0.5, 100) },
        new("floor", "weight that the oldest movies keep; 1 weighs all alike", 0, 1, floor, source) { Search = new(0.001, 1) },
    ];

    /// <summary>floor + (1 - floor) exp(-age / tau).</summary>
    public static HistoryWeights Of(OptionValues options)
    {
        var (tau, floor) = (options["tau"], options["floor"]);
        var listed = new float[floor == 1 ? 0 : (int)Math.Ceiling(ListedDecays * tau)];
        for (var age = 0; age < listed.Length; age++)
            listed[age] = (float)(floor + ((1 - floor) * DeterministicMath.Exp(-age / tau)));
        return new(listed, (float)floor);
    }

    /// <summary>Freezes the weights in an artifact: those listed, then the one of every greater age.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(SectionName, (ReadOnlySpan<float>)[.. _listed, _beyond]);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The section is missing or empty.</exception>
    public static HistoryWeights Read(ArtifactFiles files)
    {
        var section = files.Section<float>(SectionName);
        return section.IsEmpty ? throw new DamagedArtifactException(files.Path, $"section '{SectionName}' is empty") : new(section[..^1].ToArray(), section[^1]);
    }
}
