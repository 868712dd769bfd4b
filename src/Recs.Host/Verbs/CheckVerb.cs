using System.CommandLine;
using Recs.EventStore.Checking;
using Recs.Host.Checking;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Projections;

namespace Recs.Host.Verbs;

/// <summary><c>recs check</c>: verifies the log and everything derived from it.</summary>
internal static class CheckVerb
{
    public static Command Create(Terminal terminal)
        => new Verb("check", "Verify the log's invariants, that every read model equals a fresh fold, and the models' files and snapshots; exit 1 if any does not hold.")
        {
            Examples = ["check", "check --json -"],
            Options = { Flags.Json(), Flags.Db() },
        }.Does(terminal, CheckAsync);

    private static async Task<int> CheckAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var invariants = await CheckAsync(run.Terminal, store, cancel);
        run.Terminal.Report(run.JsonTarget, new { invariants });
        return invariants.All(i => i.Held) ? ExitCode.Done : ExitCode.NotHeld;
    }

    /// <summary>Checks each invariant and says what came of it.</summary>
    internal static async Task<IReadOnlyList<Invariant>> CheckAsync(Terminal terminal, RecsStore store, CancellationToken cancel)
    {
        var training = new TrainingSide(store);
        IInvariant[] more = [new SnapshotsInvariant(training.Models, training.Load), new ArtifactsInvariant(training.Models, store.Artifacts), FactsInvariant.Of(store), TrainingsInvariant.Of(store)];
        var invariants = new List<Invariant>();
        await foreach (var invariant in new LogInvariants(store.Source, store.Options, store.Types, RecsProjections.All, more).RunAsync(cancel))
        {
            terminal.Say($"{(invariant.Held ? "held  " : "BROKEN")}  {invariant.Name,-40} {invariant.Detail}");
            invariants.Add(invariant);
        }
        terminal.Say($"{invariants.Count(i => i.Held)} of {invariants.Count} invariants held");
        return invariants;
    }
}
