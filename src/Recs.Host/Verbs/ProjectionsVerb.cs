using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs projections</c>: the read models and how far they are.</summary>
internal static class ProjectionsVerb
{
    public static Command Create(Terminal terminal) => new("projections", "The read models: how far each is, and making one anew from the log.")
    {
        new Verb("list", "List every projection with its position in the log.")
        {
            Examples = ["projections list"],
            Options = { Flags.Db(), Flags.Json() },
        }.Does(terminal, ListAsync),
    };

    private static async Task<int> ListAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        return ExitCode.Done;
    }
}
