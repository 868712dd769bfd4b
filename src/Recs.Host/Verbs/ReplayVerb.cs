using System.CommandLine;
using Recs.Contracts;
using Recs.EventStore;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Queries;
using Recs.Queries.Replaying;

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
            : all ? store.Reader.ReadLogAsync(0, long.MaxValue, [EventAliases.RecommendationServed], cancel)
            : One(await store.Reader.FindEventAsync(requestId, cancel) is { Type: EventAliases.RecommendationServed } found
                ? found : throw new UsageException($"the log holds no slate '{id}'."));
        var tally = await ReplayAsync(run.Terminal, store, slates, cancel);
        run.Terminal.Report(run.JsonTarget, tally);
        return tally.Different == 0 ? ExitCode.Done : ExitCode.NotHeld;
    }

    /// <summary>Replays slates, names those that are not identical, and says how many were what.</summary>
    internal static async Task<ReplayTally> ReplayAsync(Terminal terminal, RecsStore store, IAsyncEnumerable<RecordedEvent> slates, CancellationToken cancel)
    {
        var tally = new ReplayTally();
        await foreach (var replay in new ReplaySlates(store.Reader, store.Types, QuerySide.ScorersOf(store.Artifacts)).RunAsync(slates, cancel)) tally.Add(replay);
        foreach (var other in tally.Requests.Take(20)) terminal.Say($"{other.RequestId}: {other.Verdict}{(other.Difference is null ? "" : ": " + other.Difference)}");
        if (tally.Requests.Count > 20) terminal.Say($"... and {tally.Requests.Count - 20} more (--json lists all)");
        terminal.Say($"{tally.Identical} identical, {tally.Different} different, {tally.Erased} erased");
        return tally;
    }

    private static async IAsyncEnumerable<RecordedEvent> One(RecordedEvent e)
    {
        yield return e;
        await Task.CompletedTask;
    }
}

/// <summary>How replays ended.</summary>
internal sealed class ReplayTally
{
    private readonly List<Outcome> requests = [];

    /// <summary>A slate that was not identical.</summary>
    public sealed record Outcome(string RequestId, string Verdict, string? Difference);

    /// <summary>Slates with the same movies, order and score bits.</summary>
    public long Identical { get; private set; }
    /// <summary>Slates that differ or rest on something damaged.</summary>
    public long Different { get; private set; }
    /// <summary>Slates of people who were erased.</summary>
    public long Erased { get; private set; }
    /// <summary>All but the identical ones.</summary>
    public IReadOnlyList<Outcome> Requests => requests;

    /// <summary>Counts one.</summary>
    public void Add(SlateReplay replay)
    {
        if (replay.Verdict == Verdict.Identical) Identical++;
        else if (replay.Verdict == Verdict.Different) Different++;
        else Erased++;
        if (replay.Verdict != Verdict.Identical) requests.Add(new(replay.RequestId, replay.Verdict == Verdict.Different ? "different" : "erased", replay.Difference));
    }
}
