using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.Versioning;
using Npgsql;
using Recs.Host.Tests.Verbs;
using Recs.Postgres;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Postgres;

/// <summary>kill -9 of the embedded database server while the service takes facts.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ServerKilledUnderTrafficTests
{
    [Fact]
    public async Task every_acknowledged_fact_is_there_after_kill_9_of_the_server_and_the_check_holds()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var home = recs.PathOf("embedded");
        await RunAsync(home, "import", "--data", recs.Data);
        await RunAsync(home, "train", "popularity");
        await RunAsync(home, "models", "promote", "popularity");
        var facts = new ConcurrentQueue<long>();
        using (var up = RecsProcess.Start(home, "up", "--port", "0", "--demo", "on"))
        {
            using var http = new HttpClient { BaseAddress = new Uri((await up.HearAsync("Listening on")).Split(' ')[2]) };
            using var stop = new CancellationTokenSource();
            var traffic = Enumerable.Range(1, 4).Select(user => RateAsync(http, user, facts, stop.Token)).ToArray();
            await UntilAsync(() => facts.Count >= 50);
            await using (var server = await EmbeddedPostgres.StartAsync(Cluster(home)))
            using (var process = Process.GetProcessById(server.ProcessId.ShouldNotBeNull()))
                process.Kill();
            await up.HearAsync("starting it again");
            var before = facts.Count;
            await UntilAsync(() => facts.Count >= before + 50);
            await stop.CancelAsync();
            await Task.WhenAll(traffic);
            up.Terminate();
            (await up.EndAsync()).ShouldBe(0, up.Said);
        }
        var acknowledged = facts.ToArray();
        acknowledged.Distinct().Count().ShouldBe(acknowledged.Length);
        await using (var server = await EmbeddedPostgres.StartAsync(Cluster(home)))
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false"))
        await using (var count = source.CreateCommand("select count(*) from recs.mt_events where type = 'movie_rated' and seq_id = any($1)"))
        {
            count.Parameters.Add(new() { Value = acknowledged });
            (await count.ExecuteScalarAsync()).ShouldBe((long)acknowledged.Length);
        }
        await RunAsync(home, "check");
    }

    /// <summary>Rates until told to stop; what is not acknowledged does not count.</summary>
    private static async Task RateAsync(HttpClient http, int user, ConcurrentQueue<long> facts, CancellationToken stop)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            using var answer = await http.PostAsJsonAsync("/ratings", new { userId = $"{user}", movieId = $"{1 + (i % 40)}", rating = 1 + (i % 5) }, CancellationToken.None);
            if (answer.IsSuccessStatusCode) facts.Enqueue(long.Parse(answer.Headers.GetValues("X-Recs-Sequence").First()));
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static ClusterOptions Cluster(string home) => new() { Folder = home, User = "recs", Database = "recs" };

    private static async Task RunAsync(string home, params string[] args)
    {
        using var run = RecsProcess.Start(home, args);
        (await run.EndAsync()).ShouldBe(0, run.Said);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition()) await pause.WaitForNextTickAsync(patience.Token);
    }
}
