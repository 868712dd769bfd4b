using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using Recs.Acceptance.Running;
using Recs.Kafka.Connecting;
using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Streams;

/// <summary>Topics into the log and the slates, by the program as users run it, a broker over TCP and a foreign producer.</summary>
public sealed class ConsumedTopicsTests : IDisposable
{
    private const int Kills = 1, Users = 20, Messages = 40_000;
    private readonly MockBroker _broker;

    public ConsumedTopicsTests()
    {
        SystemLibrary.Use();
        _broker = new MockBroker().WithTopic("recs.watch", 2).WithTopic("recs.rate", 2).WithTopic("recs.movielog").WithTopic("recs.dead_letter");
    }

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task What_kcat_sends_changes_the_next_slate_and_what_cannot_be_read_is_counted_and_listed()
    {
        await using var recs = await RecsProgram.PreparedAsync("popularity");
        await using var service = await recs.ServeAsync("--kafka", _broker.Bootstrap, "--log", "json", "--limit-anonymous", "0", "--limit-recommend", "0");
        service.Said.ShouldContain(line => line.Contains("consuming recs.watch, recs.rate, recs.movielog from", StringComparison.Ordinal));
        var movie = (await SlateAsync(service.Http))[0];

        await KcatAsync("recs.rate", "ann", $$"""{"timestamp":"2024-05-01T12:00:00Z","user_id":"ann","movie_id":"{{movie}}","rating":4.5}""");
        await KcatAsync("recs.watch", "ann", "not a message at all");
        await Soon.HappensAsync("the rated movie left the slate", async () => !(await SlateAsync(service.Http)).Contains(movie));
        await Soon.HappensAsync("the reject is counted", async () => (await service.Http.GetStringAsync("/metrics")) is var metrics
            && metrics.Contains("recs_ingest_rejected_total{reason=\"unreadable\"} 1", StringComparison.Ordinal)
            && metrics.Contains("recs_kafka_lag{topic=\"recs.rate\"", StringComparison.Ordinal));
        var check = JsonDocument.Parse(await service.Http.GetStringAsync("/readyz")).RootElement.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "kafka-consumer");
        check.GetProperty("status").GetString().ShouldBe("healthy");
        check.GetProperty("partitions").GetInt64().ShouldBe(5);
        (await service.TerminateAsync()).ShouldBe(0);
    }

    /// <summary>kill -9 falls anywhere: between the commit and the acknowledgement too, which only the position in the database can tell from one before the commit.</summary>
    [Fact]
    public async Task A_consumer_that_is_killed_again_and_again_loses_nothing_and_stores_nothing_twice()
    {
        await using var recs = await RecsProgram.CreateAsync();
        recs.Variables["RECS_KAFKA_SET"] = "session.timeout.ms=4500,heartbeat.interval.ms=300,queued.max.messages.kbytes=64"; // a dead member is soon given up, and batches are small
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = _broker.Bootstrap, LingerMs = 5 }).Build();
        for (var i = 0; i < Messages; i++)
            producer.Produce("recs.watch", new() { Key = $"user{i % Users}", Value = $$"""{"timestamp":{{1_700_000_000_000 + i}},"user_id":"user{{i % Users}}","movie_id":"film+{{i % 9}}","minute":{{i % 120}}}""" });
        producer.Flush(TimeSpan.FromSeconds(30));

        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var service = await recs.ServeAsync("--roles", "commands", "--kafka", _broker.Bootstrap);
            await Soon.HappensAsync("it is at work", async () => await StoredAsync(recs) > 2000 * kill);
            await service.KillAsync();
        }
        (await StoredAsync(recs)).ShouldBeLessThan(Messages, "it must be killed while it works");
        await using (var last = await recs.ServeAsync("--roles", "commands", "--kafka", _broker.Bootstrap))
            await Soon.HappensAsync("the rest", async () => await recs.SqlAsync("select coalesce(sum(next_offset), 0) from recs.recs_kafka_offsets") == Messages);
        (await StoredAsync(recs)).ShouldBe(Messages);
        (await recs.SqlAsync("select count(*) from (select (data ->> 'At') <= lag(data ->> 'At') over (partition by stream_id order by version) as back from recs.mt_events where type = 'movie_watched') e where back"))
            .ShouldBe(0, "each user's facts stand in the order of the topic");
        await recs.MustAsync("check");
    }

    private static Task<long> StoredAsync(RecsProgram recs) => recs.SqlAsync("select count(*) from recs.mt_events where type = 'movie_watched'");

    private static async Task<List<string>> SlateAsync(HttpClient http)
        => [.. JsonDocument.Parse(await http.GetStringAsync("/recommend/ann?k=5")).RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("movieId").GetString()!)];

    private async Task KcatAsync(string topic, string key, string value)
    {
        using var kcat = Process.Start(new ProcessStartInfo("kcat", ["-P", "-b", _broker.Bootstrap, "-t", topic, "-k", key]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await kcat.StandardInput.WriteLineAsync(value);
        kcat.StandardInput.Close();
        var said = await kcat.StandardError.ReadToEndAsync();
        await kcat.WaitForExitAsync();
        kcat.ExitCode.ShouldBe(0, said);
    }
}
