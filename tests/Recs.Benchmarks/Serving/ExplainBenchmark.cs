namespace Recs.Benchmarks.Serving;

/// <summary>
/// What reasons cost: the median time of an answer with <c>explain=true</c>, one request at a time, beside that of the same answer without. Nothing is recorded. Reasons
/// need a trusted caller, so the service runs in demo mode on loopback.
/// </summary>
internal static class ExplainBenchmark
{
    private const int Rounds = 5;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2), WarmUp = TimeSpan.FromSeconds(4);

    public static async Task<BenchmarkRow> MeasureAsync(RecsProcess recs, CancellationToken cancel)
    {
        await using var service = await recs.ServeAsync(["--record", "off"], cancel);
        var plain = await service.WriteUserScriptAsync(cancel);
        var explained = await service.WriteUserScriptAsync(cancel, "k=20&explain=true");
        await Wrk.RunAsync(service.Address, service.Token, explained, 1, WarmUp, cancel);
        List<WrkResult> with = [], without = [];
        for (var round = 0; round < Rounds; round++)
        {
            without.Add(await Wrk.RunAsync(service.Address, service.Token, plain, 1, Length, cancel));
            with.Add(await Wrk.RunAsync(service.Address, service.Token, explained, 1, Length, cancel));
        }
        if (with.Concat(without).Sum(r => r.Errors) is > 0 and var errors)
            throw new InvalidOperationException($"{errors} requests of serve.explain failed.");
        return new("serve.explain", MedianMs(with), "ms", "the same answer without reasons", MedianMs(without), MedianMs(with), with.Select(r => r.P99Ms).Order().ElementAt(Rounds / 2));
    }

    private static double MedianMs(IEnumerable<WrkResult> results) => results.Select(r => r.P50Ms).Order().ElementAt(Rounds / 2);
}
