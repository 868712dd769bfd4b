using System.Diagnostics;
using System.Text.Json;
using Recs.Acceptance.Running;
using Recs.Contracts.Topics;
using Recs.Projections.Relaying;
using Recs.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Recs.Acceptance.Streams;

/// <summary>The log told to Kafka by the real program, read by a client that others wrote.</summary>
public class RelayTests(ITestOutputHelper output)
{
    private const int Partitions = 6;
    private static readonly TopicNames Topics = new(TopicNames.DefaultPrefix);

    [Fact]
    public async Task Slates_are_served_while_the_broker_is_away_and_told_when_it_is_back()
    {
        using var broker = Broker();
        broker.TakeDown();
        await using var recs = await RecsProgram.PreparedAsync("popularity");
        await using var service = await recs.ServeAsync("--demo", "on", "--kafka", broker.Bootstrap);
        List<string> served = [];
        for (var user = 1; user <= 20; user++)
            served.Add((await service.Http.GetFromJsonAsync<JsonElement>($"/recommend/{user}?k=5")).GetProperty("requestId").GetString()!);

        var away = await Soon.HappensAsync("the relay says that the broker is away", async () => await RelayAsync(service) is var relay && relay.GetProperty("status").GetString() == "degraded" ? relay : (JsonElement?)null);
        away!.Value.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("Kafka is waited for since 20");
        away.Value.GetProperty("lagEvents").GetInt64().ShouldBeGreaterThan(12_000);
        (await service.Http.GetStringAsync("/metrics")).ShouldContain("recs_relay_lag_events 1");
        served.Add((await service.Http.GetFromJsonAsync<JsonElement>("/recommend/1?k=5")).GetProperty("requestId").GetString()!);

        broker.BringUp();
        await Soon.HappensAsync("the relay catches up", async () => await RelayAsync(service) is var relay && relay.GetProperty("lagEvents").GetInt64() == 0 && relay.GetProperty("status").GetString() == "healthy");
        foreach (var topic in new[] { Topics.RecoRequests, Topics.RecoResponses })
            (await Kcat.ReadAsync(broker.Bootstrap, topic)).Select(m => Json(m).GetProperty("request_id").GetString()!).Order().ShouldBe(served.Order());
        (await Kcat.ReadAsync(broker.Bootstrap, Topics.UserInteractions)).Count.ShouldBe((int)await recs.SqlAsync("select count(*) from recs.mt_events where type = 'movie_rated'"));
    }

    [Fact]
    public async Task After_kill_9_in_the_middle_another_node_goes_on_and_only_the_same_events_come_twice()
    {
        using var broker = Broker();
        await using var recs = await RecsProgram.CreateAsync();
        await recs.MustAsync("import", "--data", World.Folder);
        recs.Variables["RECS_KAFKA"] = broker.Bootstrap;
        broker.Delay(TimeSpan.FromMilliseconds(150)); // so that much is always sent and not acknowledged, or acknowledged and not recorded
        await using var leader = await recs.ServeAsync("--roles", "relay");
        await using var standby = await recs.ServeAsync("--roles", "relay");
        await Soon.HappensAsync("something was told", async () => await recs.SqlAsync("select position from recs.recs_relay") > 0);
        await leader.KillAsync();
        var since = Stopwatch.GetTimestamp();
        broker.Delay(TimeSpan.Zero);
        await Soon.HappensAsync("another node leads", async () => (await RelayAsync(standby)).GetProperty("detail").GetString()!.StartsWith("The log is told", StringComparison.Ordinal));
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"killed: another node told the log after {took.TotalSeconds:0.0} s");
        took.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        await Soon.HappensAsync("everything is told", async () => await recs.SqlAsync("select position from recs.recs_relay") == await recs.SqlAsync("select max(seq_id) from recs.mt_events"));

        var seen = await Kcat.ReadAsync(broker.Bootstrap, Topics.UserInteractions);
        var once = seen.DistinctBy(m => m.Headers[RelayHeaders.EventId]).ToList();
        output.WriteLine($"{seen.Count:N0} messages, {once.Count:N0} events");
        once.Select(m => long.Parse(m.Headers[RelayHeaders.Sequence])).Order().ShouldBe(await SequencesAsync(recs));
        seen.GroupBy(m => m.Headers[RelayHeaders.EventId]).ShouldAllBe(same => same.Select(m => m.Value).Distinct().Count() == 1);
        foreach (var person in once.GroupBy(m => m.Key))
            person.Select(m => long.Parse(m.Headers[RelayHeaders.Sequence])).ShouldBeInOrder(SortDirection.Ascending, person.Key);
    }

    private static MockBroker Broker()
    {
        var broker = new MockBroker();
        foreach (var topic in new[] { Topics.RecoRequests, Topics.RecoResponses, Topics.UserInteractions, Topics.ModelMetrics, Topics.AbTestEvents })
            broker.WithTopic(topic, Partitions);
        return broker;
    }

    private static async Task<JsonElement> RelayAsync(RunningService service)
    {
        using var answer = await service.Http.GetAsync("/readyz");
        answer.EnsureSuccessStatusCode(); // whatever Kafka does, the node stays ready
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == "relay");
    }

    private static JsonElement Json(SeenMessage message) => JsonSerializer.Deserialize<JsonElement>(message.Value);

    private static async Task<List<long>> SequencesAsync(RecsProgram recs)
    {
        await using var command = recs.Database.Source.CreateCommand("select seq_id from recs.mt_events where type = 'movie_rated' order by seq_id");
        await using var row = await command.ExecuteReaderAsync();
        var sequences = new List<long>();
        while (await row.ReadAsync()) sequences.Add(row.GetInt64(0));
        return sequences;
    }
}
