using Recs.EventStore;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Queries;
using Recs.Queries.Replaying;

namespace Recs.Host.Replaying;

/// <summary>What a replay of many slates found, as <c>--json</c> writes it.</summary>
/// <param name="Identical">Slates that came out the same, bit for bit.</param>
/// <param name="Different">Slates that did not, or whose ingredients are damaged.</param>
/// <param name="Erased">Slates of erased people.</param>
/// <param name="Requests">All but the identical.</param>
internal sealed record ReplayReport(int Identical, int Different, int Erased, IReadOnlyList<ReplayedRequest> Requests)
{
    private const int MostShown = 20;

    /// <summary>Replays slates.</summary>
    public static async Task<ReplayReport> RunAsync(RecsStore store, IAsyncEnumerable<RecordedEvent> slates, CancellationToken cancel)
    {
        var (identical, different, erased) = (0, 0, 0);
        List<ReplayedRequest> requests = [];
        await foreach (var replay in new ReplaySlates(store.Reader, store.Types, QuerySide.ScorersOf(store.Artifacts), Environment.ProcessorCount).RunAsync(slates, cancel))
        {
            identical += replay.Verdict == Verdict.Identical ? 1 : 0;
            different += replay.Verdict == Verdict.Different ? 1 : 0;
            erased += replay.Verdict == Verdict.Erased ? 1 : 0;
            if (replay.Verdict != Verdict.Identical)
                requests.Add(new(replay.RequestId, replay.Verdict.ToString().ToLowerInvariant(), replay.Difference));
        }
        return new(identical, different, erased, requests);
    }

    /// <summary>Prints the counts and the first differences.</summary>
    public void Show(Terminal terminal)
    {
        foreach (var request in Requests.Where(r => r.Difference is not null).Take(MostShown))
            terminal.Say($"{request.RequestId}: {request.Verdict}: {request.Difference}");
        if (Different > MostShown)
            terminal.Say($"... and {Different - MostShown} more (--json FILE lists them all)");
        terminal.Say($"{Identical} identical, {Different} different, {Erased} erased");
    }
}

/// <summary>A slate that did not come out the same.</summary>
internal sealed record ReplayedRequest(string RequestId, string Verdict, string? Difference);
