using System.CommandLine;
using Recs.Contracts;
using Recs.EventStore;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Replaying;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs replay</c>: computes served slates again from the log.</summary>
internal static class ReplayVerb
{
    private static readonly Argument<string> RequestId = new("request-id") { Arity = ArgumentArity.ZeroOrOne, Description = "The X-Recs-Request-Id of an answer." };
    private static readonly Option<int?> Last = new("--last") { HelpName = "N", Description = "The N slates served last." };
    private static readonly Option<bool> All = new("--all") { Description = "Every slate." };

    public static Command Create(Terminal terminal)
        => new Verb("replay", "Compute served slates again from the log and compare them bit for bit; exit 1 if any is different.")
        {
            Examples = ["replay 0193a5c0f1b27c0e8d6f000000000000", "replay --last 1000", "replay --all --json -"],
            Arguments = { RequestId },
            Options = { Last, All, Flags.Json(), Flags.Db() },
        }.Does(terminal, ReplayAsync);

    private static async Task<int> ReplayAsync(Run run, CancellationToken cancel)
    {
        var id = run.Parsed.GetValue(RequestId);
        var (last, all) = (run.Get(Last), run.Get(All));
        if ((id is null ? 0 : 1) + (last is null ? 0 : 1) + (all ? 1 : 0) != 1) throw new UsageException("name one request id, or --last N, or --all.");
        if (last is < 1) throw new UsageException($"--last {last} must be 1 or more.");
        Guid requestId = default;
        if (id is not null && !Guid.TryParse(id, out requestId)) throw new UsageException($"'{id}' is not a request id: it is a UUID, the X-Recs-Request-Id of an answer.");
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var slates = last is { } n ? store.Reader.ReadNewestAsync(EventAliases.RecommendationServed, n, cancel)
            : all ? store.Reader.ReadTypeAsync(EventAliases.RecommendationServed, cancel)
            : One(await store.Reader.FindEventAsync(requestId, cancel) is { Type: EventAliases.RecommendationServed } found
                ? found : throw new UsageException($"the log holds no slate '{id}'."));
        var report = await ReplayReport.RunAsync(store, slates, cancel);
        report.Show(run.Terminal);
        run.Terminal.Report(run.JsonTarget, report);
        return report.Different == 0 ? ExitCode.Done : ExitCode.NotHeld;
    }

    private static async IAsyncEnumerable<RecordedEvent> One(RecordedEvent e)
    {
        yield return e;
        await Task.CompletedTask;
    }
}
