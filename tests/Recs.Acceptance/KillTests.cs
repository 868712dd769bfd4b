using System.Collections.Concurrent;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>kill -9 in the middle of work, ten times; then every invariant must hold and nothing acknowledged may be missing.</summary>
public class KillTests
{
    private const int Kills = 10;

    [Fact]
    public async Task An_import_that_is_killed_ten_times_ends_as_if_it_never_was()
    {
        await using var recs = await RecsProgram.CreateAsync();
        await using var calm = await RecsProgram.CreateAsync();
        await calm.MustAsync("import", "--data", World.LargeFolder);
        var whole = await FactsAsync(calm);
        var killed = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            using var import = recs.Start("import", "--data", World.LargeFolder);
            await Until(async () => import.HasExited || await StoredAsync(recs) >= whole * kill / (Kills + 2));
            killed += import.HasExited ? 0 : 1;
            import.Kill();
            await import.WaitForExitAsync();
        }
        killed.ShouldBeGreaterThan(Kills / 2, "the imports must be killed while they run");
        (await FactsAsync(recs)).ShouldBeInRange(1, whole);
        var last = await recs.MustAsync("import", "--data", World.LargeFolder, "--json", "-");
        last.Output.ShouldContain($"\"cleanRows\": {whole}", customMessage: last.Everything);
        (await FactsAsync(recs)).ShouldBe(whole);
        (await DigestAsync(recs)).ShouldBe(await DigestAsync(calm), "the same events in the same order");
        (await recs.MustAsync("import", "--data", World.LargeFolder, "--json", "-")).Output.ShouldContain($"\"duplicateRows\": {whole}");
        await recs.MustAsync("check");
    }

    [Fact]
    public async Task A_service_that_is_killed_ten_times_under_traffic_loses_nothing_that_it_acknowledged()
    {
        await using var recs = await RecsProgram.PreparedAsync();
        ConcurrentBag<long> facts = [];
        ConcurrentBag<string> slates = [];
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var service = await recs.ServeAsync("--demo", "on");
            var before = facts.Count;
            var traffic = Enumerable.Range(0, 8).Select(caller => TrafficAsync(service.Http, caller, facts, slates)).ToArray();
            await Until(() => Task.FromResult(facts.Count >= before + 40 || traffic.All(t => t.IsCompleted)));
            await service.KillAsync();
            await Task.WhenAll(traffic);
            facts.Count.ShouldBeGreaterThanOrEqualTo(before + 40);
        }
        var sequences = facts.ToArray();
        sequences.Distinct().Count().ShouldBe(sequences.Length);
        (await recs.SqlAsync($"select count(*) from recs.mt_events where type in ('movie_rated', 'movie_watched') and seq_id in ({string.Join(',', sequences)})")).ShouldBe(sequences.Length);
        (await recs.SqlAsync($"select count(*) from recs.mt_events where type = 'recommendation_served' and correlation_id in ({string.Join(',', slates.Select(s => $"'{s}'"))})")).ShouldBe(slates.Count);
        (await recs.MustAsync("replay", "--all")).Output.ShouldContain(" 0 different, 0 erased");
        await recs.MustAsync("check");
    }

    private static async Task TrafficAsync(HttpClient http, int caller, ConcurrentBag<long> facts, ConcurrentBag<string> slates)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var user = $"{caller * 1000 + i % 50 + 1}";
                using var slate = await http.GetAsync($"/recommend/{user}?k=5");
                slate.EnsureSuccessStatusCode();
                slates.Add(slate.Headers.GetValues("X-Recs-Request-Id").First());
                var movie = (await slate.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("items")[0].GetProperty("movieId").GetString();
                using var fact = i % 2 == 0
                    ? await http.PostAsJsonAsync("/ratings", new { userId = user, movieId = movie, rating = 4.5 })
                    : await http.PostAsJsonAsync("/watches", new { userId = user, movieId = movie, minute = 3 });
                fact.EnsureSuccessStatusCode();
                facts.Add(long.Parse(fact.Headers.GetValues("X-Recs-Sequence").First()));
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // the service was killed: what it did not acknowledge does not count
        }
    }

    private static async Task<long> StoredAsync(RecsProgram recs)
        => await recs.SqlAsync("select count(*) from pg_tables where schemaname = 'recs' and tablename = 'mt_streams'") == 0
            ? 0
            : await recs.SqlAsync("select coalesce(sum(version), 0) from recs.mt_streams");

    private static Task<long> DigestAsync(RecsProgram recs)
        => recs.SqlAsync("""
            select ('x' || left(md5(string_agg(md5(stream_id || ':' || version || ':' || id || ':' || type || ':' || data::text), '' order by seq_id)), 15))::bit(60)::bigint
            from recs.mt_events where type <> 'batch_validated'
            """);

    /// <summary>What was imported, without the verdicts on it.</summary>
    private static Task<long> FactsAsync(RecsProgram recs) => recs.SqlAsync("select count(*) from recs.mt_events where type <> 'batch_validated'");

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
            await pause.WaitForNextTickAsync(patience.Token);
    }
}
