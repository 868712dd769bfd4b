using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.People;

/// <summary>How a network learns to tell the next movie of histories that are cut at random places: what two towers and neural collaborative filtering share.</summary>
internal static class CutLearning
{
    private const string Phase = "learn";
    private const ulong StartPurpose = 1, HiddenPurpose = 2, KnownPurpose = 3;

    /// <summary>The options that it reads.</summary>
    /// <param name="tau">Default of the quickest decay.</param>
    /// <param name="epochs">Default number of epochs.</param>
    public static OptionDescription[] Options(double tau, int epochs) =>
    [
        new("epochs", "passes, each with new cuts of every history", 1, 1_000, epochs, "fits in a minute on two cores", Whole: true) { IsTuned = false },
        new("cuts", "cuts of each history in an epoch", 1, 1_000, 20, "fits in a minute on two cores", Whole: true) { IsTuned = false },
        new("batch", "cuts per step", 16, 65_536, 1_024, "fills the kernels; less takes longer", Whole: true) { Search = new(256, 2_048) },
        new("rate", "greatest rate of the steps", 1e-5, 1, 0.003, "a customary value") { Search = new(5e-4, 1e-2) },
        new("decay", "what a step takes off each parameter, as a share of the rate", 0, 10, 0, "Loshchilov and Hutter, 2019; drop-out does without") { Search = new(0, 0.1) },
        new("tau", "decay of the quickest of the means of a history, in movies; each further one is four times as slow", 0.2, 100, tau, "the last movie alone to the last fifty, not tuned") { Search = new(0.3, 3) },
        new("means", "means of a history", 1, 6, 4, "one mean alone finds a fifth fewer of the second-last movies of MovieLens 1M", Whole: true) { Search = new(2, 4) },
        new("hidden", "numbers of the person's hidden layer", 16, 1_024, 256, "a customary value", Whole: true) { Search = new(64, 512) },
        new("drop-hidden", "share of the person's hidden layer that is dropped in training", 0, 0.9, 0.2, "a customary value") { Search = new(0, 0.5) },
        new("drop-known", "how often gender, age or occupation is hidden in training", 0, 1, 0.2, "so that people of whom nothing is known are read well") { Search = new(0.1, 0.9) },
    ];

    /// <summary>Bytes of a network and of what it learns with: each parameter, two numbers that Adam remembers of it, and a gradient per part of a step; and the work on a part's rows.</summary>
    /// <param name="data">Data set.</param>
    /// <param name="options">Options.</param>
    /// <param name="perMovie">Parameters per movie.</param>
    public static long Memory(InteractionSet data, OptionValues options, double perMovie)
        => sizeof(float) * (long)(((3 + GradientDescent.Parts) * data.Movies.Count * perMovie) + (options["batch"] * options["means"] * (options["factors"] + options["hidden"]) * 4)
            + (GradientDescent.Parts * data.Movies.Count * (64 + (6 * options["factors"]))));

    /// <summary>The numbers that a network begins with.</summary>
    public static float[] Start(ParameterLayout layout, ulong seed) => layout.Draw(new(seed, StartPurpose));

    /// <summary>What is dropped of the person's hidden layer.</summary>
    public static DropoutRule HiddenDropped(OptionValues options, ulong seed) => new(new(seed, HiddenPurpose), options["drop-hidden"]);

    /// <summary>The groups of the people who have a history.</summary>
    public static KnownGroups GroupsOf(InteractionSet data, Histories histories)
        => KnownGroups.Of([.. Enumerable.Range(0, histories.Users).Where(user => !histories.Of(user).IsEmpty).Select(user => data.Demographics[user])]);

    /// <summary>Learns, and judges after every epoch by what was kept back.</summary>
    /// <param name="run">Threads, progress, cancellation, checkpoint.</param>
    /// <param name="network">Network.</param>
    /// <param name="parameters">Its parameters; changed in place.</param>
    /// <param name="cuts">What it learns from; nothing is learned if nobody has seen two movies.</param>
    /// <param name="options">Options.</param>
    /// <param name="seed">Seed of the fit.</param>
    /// <param name="reader">Makes a reader of the network as it is.</param>
    /// <param name="movies">Movies that a reader scores.</param>
    /// <returns>How the epochs went.</returns>
    public static LearningCurve Run(
        FitRun run, INextMovie network, float[] parameters, HistoryCuts cuts, OptionValues options, ulong seed, Func<Isa, IHistoryReader> reader, int movies)
    {
        var rows = (int)options["batch"];
        var hidden = new DropoutRule(new(seed, KnownPurpose), options["drop-known"]);
        return new NetworkFit(Phase, parameters, movies, cuts.Kept, epoch => new CutEpoch(network, cuts, epoch, rows, hidden), reader).Run(run, options);
    }
}
