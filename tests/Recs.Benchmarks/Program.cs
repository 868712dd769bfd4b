using Recs.Benchmarks;

// Measures Recs, each figure beside its baseline in the same run: recs bench append|rebuild|serve|train|scale|all [--data DIR] [--db URL] [--json FILE|-] [--models A,B] [--sizes 1,5,20]
if (BenchmarkArguments.Parse(args, out var trouble) is not { } wanted)
{
    Console.Error.WriteLine($"recs: {trouble}");
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
await using var bench = await BenchmarkServer.StartAsync(wanted, stop.Token);
var rows = new List<BenchmarkRow>();
foreach (var suite in BenchmarkSuites.Of(wanted.Which))
{
    bench.Say($"measuring {suite.Name} ...");
    foreach (var row in await suite.RunAsync(bench, stop.Token))
    {
        rows.Add(row);
        bench.Say("  " + BenchmarkReport.Line(row));
    }
}
await BenchmarkReport.WriteAsync(wanted.Json, rows);
return 0;
