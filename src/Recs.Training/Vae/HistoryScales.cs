using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Vae;

/// <summary>
/// How a history is weighted, several times over: in the first bag only the last movies weigh, in the next ones more and more, each decaying more slowly than the one before, and in the
/// last bag all movies weigh alike. So a network sees what somebody is watching at the moment beside what they have always watched. A bag's weights have the length 1, whatever
/// the history's.
/// </summary>
internal sealed class HistoryScales
{
    private const string LengthsSection = "scale-lengths", WeightsSection = "scale-weights";
    private const double Growth = 4; // of the decay from one bag to the next
    private const double ListedDecays = 6; // past 6 tau a weight is below 0.3 % of the first

    private readonly float[][] _weights; // by bag and age, of all bags but the last
    private readonly float[][] _lengths; // of the first n + 1 weights

    private HistoryScales(float[][] weights)
    {
        _weights = weights;
        _lengths = [.. weights.Select(Lengths)];
    }

    /// <summary>Number of bags.</summary>
    public int Count => _weights.Length + 1;

    /// <summary>Decays of tau, 4 tau, 16 tau, ... movies, and behind them the bag that does not decay.</summary>
    public static HistoryScales Of(OptionValues options)
    {
        var weights = new float[(int)options["scales"] - 1][];
        var tau = options["tau"];
        for (var scale = 0; scale < weights.Length; scale++, tau *= Growth)
        {
            weights[scale] = new float[(int)Math.Ceiling(ListedDecays * tau)];
            for (var age = 0; age < weights[scale].Length; age++)
                weights[scale][age] = (float)DeterministicMath.Exp(-age / tau);
        }

        return new(weights);
    }

    /// <summary>How many movies of a history are in a bag: the most recent ones.</summary>
    public int Window(int scale, int history) => scale == _weights.Length ? history : Math.Min(history, _weights[scale].Length);

    /// <summary>Weight of a movie in a bag.</summary>
    /// <param name="scale">Bag.</param>
    /// <param name="age">0 for the most recent movie; below the window.</param>
    /// <param name="window">Movies in the bag.</param>
    public float Weight(int scale, int age, int window) => scale == _weights.Length ? 1 / MathF.Sqrt(window) : _weights[scale][age] / _lengths[scale][window - 1];

    /// <summary>Freezes the weights in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact
        .Add(LengthsSection, (ReadOnlySpan<int>)[.. _weights.Select(w => w.Length)])
        .Add(WeightsSection, (ReadOnlySpan<float>)[.. _weights.SelectMany(w => w)]);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static HistoryScales Read(ArtifactFiles files)
    {
        var lengths = files.Section<int>(LengthsSection);
        var weights = files.Section<float>(WeightsSection);
        var listed = new float[lengths.Length][];
        var from = 0;
        for (var scale = 0; scale < listed.Length; scale++)
        {
            if (lengths[scale] < 1 || lengths[scale] > weights.Length - from)
                throw new DamagedArtifactException(files.Path, $"{weights.Length} numbers of '{WeightsSection}' are not what '{LengthsSection}' says");
            listed[scale] = weights.Slice(from, lengths[scale]).ToArray();
            from += lengths[scale];
        }

        return new(listed);
    }

    private static float[] Lengths(float[] weights)
    {
        var (lengths, squares) = (new float[weights.Length], 0f);
        for (var age = 0; age < weights.Length; age++)
            lengths[age] = MathF.Sqrt(squares = MathF.FusedMultiplyAdd(weights[age], weights[age], squares));
        return lengths;
    }
}
