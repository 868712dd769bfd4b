using Recs.Training.Artifacts;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Fitting;

/// <summary>
/// A kind of model. A fit reads the data, the options and the seed and nothing else (no clock, no ambient state), so that the same three give
/// the same bytes on any machine and any number of threads.
/// </summary>
public interface IRecommender
{
    /// <summary>Name on every surface, such as <c>linear-autoregression</c>.</summary>
    string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    string Summary { get; }

    /// <summary>What it cannot do or takes no notice of, a sentence each, for its model card.</summary>
    IReadOnlyList<string> Limits => [];

    /// <summary>Version of the fit's arithmetic and of the files; a change of either gets a new number.</summary>
    int FormatVersion { get; }

    /// <summary>Hyper-parameters.</summary>
    IReadOnlyList<OptionDescription> Options { get; }

    /// <summary>
    /// How long a fit takes, roughly, where one of linear autoregression on the same data takes 1: it shares out a progress bar among several models, and a blend fits an
    /// expensive member only once.
    /// </summary>
    double RelativeCost => 1;

    /// <summary>Bytes that a fit needs beyond what the names of its options tell (<see cref="Evaluating.Costs.FitMemory"/>).</summary>
    /// <param name="data">What it is fitted on.</param>
    /// <param name="options">Values of <see cref="Options"/>.</param>
    long MemoryBeyondOptions(InteractionSet data, OptionValues options) => 0;

    /// <summary>Fits the model.</summary>
    /// <param name="data">Interactions in log order.</param>
    /// <param name="options">Values of <see cref="Options"/>.</param>
    /// <param name="seed">Key of every random draw.</param>
    /// <param name="run">Threads, instruction set, progress and cancellation: nothing that changes a byte of the result.</param>
    /// <exception cref="InvalidDataException">The data cannot be fitted, such as an empty set.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run);

    /// <summary>Opens the files of a version for scoring. The scorer keeps the files open for as long as it is in use.</summary>
    /// <exception cref="DamagedArtifactException">A file is not what the format says.</exception>
    IScorer Open(ArtifactFiles files);
}
