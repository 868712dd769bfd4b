using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.People;

/// <summary>How a network learns to tell the next movie of histories that are cut at random places: what two towers and neural collaborative filtering share.</summary>
internal static class CutLearning
{
    private const ulong StartPurpose = 1, HiddenPurpose = 2, KnownPurpose = 3;
    private const double WarmShare = 0.05; // of the steps, in which the rate grows to its greatest

    /// <summary>The options that it reads.</summary>
    /// <param name="tau">Default of the quickest decay.</param>
    /// <param name="iterations">Default number of epochs.</param>
    public static OptionDescription[] Options(double tau, int iterations) =>
    [
        new("iterations", "epochs, each with new cuts of every history", 1, 1_000, iterations, "fits in a minute on two cores", Whole: true) { IsTuned = false },
        new("cuts", "cuts of each history in an epoch", 1, 1_000, 20, "fits in a minute on two cores", Whole: true) { IsTuned = false },
        new("batch", "cuts per step", 16, 65_536, 1_024, "fills the kernels; less takes longer", Whole: true) { Search = new(256, 2_048) },
        new("rate", "greatest rate of the steps", 1e-5, 1, 0.003, OptionDescription.BestOfGrid) { Search = new(5e-4, 1e-2) },
        new("decay", "what a step takes off each parameter, as a share of the rate", 0, 10, 0, "Loshchilov and Hutter, 2019; drop-out does without") { Search = new(0, 0.1) },
        new("tau", "decay of the quickest of the means of a history, in movies; each further one is four times as slow", 0.2, 100, tau, OptionDescription.BestOfGrid) { Search = new(0.3, 3) },
        new("means", "means of a history", 1, 6, 4, OptionDescription.BestOfGrid, Whole: true) { Search = new(2, 4) },
        new("hidden", "numbers of the person's hidden layer", 16, 1_024, 256, OptionDescription.BestOfGrid, Whole: true) { Search = new(64, 512) },
        new("drop-hidden", "share of the person's hidden layer that is dropped in training", 0, 0.9, 0.2, OptionDescription.BestOfGrid) { Search = new(0, 0.5) },
        new("drop-known", "how often gender, age or occupation is hidden in training", 0, 1, 0.2, OptionDescription.BestOfGrid) { Search = new(0.1, 0.9) },
    ];

    /// <summary>The numbers that a network begins with.</summary>
    public static float[] Start(ParameterLayout layout, ulong seed) => layout.Draw(new(seed, StartPurpose));

    /// <summary>What is dropped of the person's hidden layer.</summary>
    public static DropoutRule HiddenDropped(OptionValues options, ulong seed) => new(new(seed, HiddenPurpose), options["drop-hidden"]);

    /// <summary>The groups of the people who have a history.</summary>
    public static KnownGroups GroupsOf(InteractionSet data, Histories histories)
        => KnownGroups.Of([.. Enumerable.Range(0, histories.Users).Where(user => !histories.Of(user).IsEmpty).Select(user => data.Demographics[user])]);

    /// <summary>Learns.</summary>
    /// <param name="run">Threads, progress, cancellation, checkpoint.</param>
    /// <param name="network">Network.</param>
    /// <param name="parameters">Its parameters; changed in place.</param>
    /// <param name="cuts">What it learns from; nothing is learned if nobody has seen two movies.</param>
    /// <param name="options">Options.</param>
    /// <param name="seed">Seed of the fit.</param>
    public static void Run(FitRun run, INextMovie network, float[] parameters, HistoryCuts cuts, OptionValues options, ulong seed)
    {
        var rows = (int)options["batch"];
        var epochs = cuts.People == 0 ? 0 : (int)options["iterations"];
        var perEpoch = (long)((cuts.PerEpoch + rows - 1) / rows);
        var (share, hidden) = (RateSchedule.Of(epochs * perEpoch, WarmShare), new DropoutRule(new(seed, KnownPurpose), options["drop-known"]));
        using var descent = new GradientDescent(parameters, new(options["rate"], options["decay"]));
        Iterations.Run(run, "learn", epochs, descent.State, epoch =>
            descent.Run(run, new CutEpoch(network, cuts, cuts.Of(epoch), epoch * perEpoch, rows, hidden), epoch * perEpoch, share));
    }
}
