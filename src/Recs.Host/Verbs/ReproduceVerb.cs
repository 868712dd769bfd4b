using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Reproducing;

namespace Recs.Host.Verbs;

/// <summary><c>recs reproduce</c>: trains a version again and compares the bytes.</summary>
internal static class ReproduceVerb
{
    private static readonly Argument<string> Version = new("version") { Description = NamedVersion.Description };

    public static Command Create(Terminal terminal)
        => new Verb("reproduce", "Train a version again from its manifest in the log alone and compare the bytes: prints 'identical', or the first difference and exits 1.")
        {
            Examples = ["reproduce linear-autoregression-v0.1", "reproduce linear-autoregression"],
            Arguments = { Version },
            Options = { Flags.Json(), Flags.Db() },
        }.Does(terminal, ReproduceAsync);

    private static async Task<int> ReproduceAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var training = new TrainingSide(store);
        var result = await ReproduceAsync(run.Terminal, training, await NamedVersion.FindAsync(training.Models, run.Get(Version), cancel), cancel);
        run.Terminal.Report(run.JsonTarget, new { result.Version, Verdict = result.Verdict.Word(), result.Detail, result.Seconds });
        return result.Verdict == ReproductionVerdict.Identical ? ExitCode.Done : ExitCode.NotHeld;
    }

    /// <summary>Reproduces a version and says what came of it.</summary>
    internal static async Task<Reproduction> ReproduceAsync(Terminal terminal, TrainingSide training, string version, CancellationToken cancel)
    {
        var result = await terminal.WithFitProgressAsync($"reproducing {version}", progress
            => Asked.ForAsync(training.Reproduce.RunAsync(version, new(Progress: progress, Cancel: cancel))));
        terminal.Say($"{version}: {result.Verdict.Word()} ({result.Detail}, {result.Seconds:0.0} s)");
        return result;
    }
}
