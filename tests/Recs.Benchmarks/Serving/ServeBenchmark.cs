namespace Recs.Benchmarks.Serving;

/// <summary>
/// <c>GET /recommend</c> of linear autoregression at k = 20 over 64 connections: slates recorded, and not recorded but scored afresh. The service, the database and the
/// load generator (wrk) are processes of their own on one machine; rate limits are on and each request carries a service's token; the baseline is a small constant answer of the same server to the same client.
/// </summary>
internal static class ServeBenchmark
{
    private const int Connections = 64, Rounds = 3;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(8), WarmUp = TimeSpan.FromSeconds(6);

    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var database = await server.DatabaseAsync(cancel);
        var home = Directory.CreateTempSubdirectory("recs-bench-home-").FullName;
        try
        {
            var recs = new RecsProcess(home, database.ConnectionString);
            server.Say("  importing and training ...");
            await recs.RunAsync(["import", "--data", server.Arguments.Data ?? SimulatedFolder.Write(home)], cancel);
            await recs.RunAsync(["train", "linear-autoregression"], cancel);
            await recs.RunAsync(["models", "promote", "linear-autoregression-v0.1", "--reason", "benchmark"], cancel);
            return
            [
                await MeasureAsync("serve.recorded", "on", recs, cancel),
                await MeasureAsync("serve.unrecorded", "off", recs, cancel),
                await ExplainBenchmark.MeasureAsync(recs, cancel),
            ];
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<BenchmarkRow> MeasureAsync(string name, string record, RecsProcess recs, CancellationToken cancel)
    {
        await using var service = await recs.ServeAsync(["--record", record], cancel);
        var users = await service.WriteUserScriptAsync(cancel);
        await Wrk.RunAsync(service.Address, service.Token, users, Connections, WarmUp, cancel);
        List<WrkResult> load = [], constant = [];
        for (var round = 0; round < Rounds; round++)
        {
            constant.Add(await Wrk.RunAsync(service.Address + "/healthz", service.Token, null, Connections, Length / 4, cancel));
            load.Add(await Wrk.RunAsync(service.Address, service.Token, users, Connections, Length, cancel));
        }
        if (load.Any(r => r.Errors > 0))
            throw new InvalidOperationException($"{load.Sum(r => r.Errors)} requests of {name} failed.");
        var median = load.OrderBy(r => r.RequestsPerSecond).ElementAt(Rounds / 2);
        return new(name, median.RequestsPerSecond, "requests/s", "constant JSON of the same server", constant.Select(r => r.RequestsPerSecond).Order().ElementAt(Rounds / 2),
            median.P50Ms, median.P99Ms);
    }
}
