using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recs.Acceptance.Running;
using Recs.Contracts.Avro;
using Recs.Contracts.JsonSchemas;
using Recs.Contracts.Topics;
using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Streams;

/// <summary>Topics in Avro, with a schema registry, and as JSON, without: the real program, and clients that others wrote.</summary>
public class AvroTests
{
    private const int FrameLength = 5;
    private static readonly TopicNames Topics = new(TopicNames.DefaultPrefix);

    [Fact]
    public async Task With_a_registry_others_read_what_is_published_and_what_they_write_becomes_facts()
    {
        await using var registry = await RegistryStandIn.StartAsync(account: "recs:secret");
        using var broker = Broker();
        await using var recs = await RecsProgram.PreparedAsync("popularity");
        await using var service = await recs.ServeAsync("--demo", "on", "--kafka", broker.Bootstrap, "--schema-registry", $"http://recs:secret@{registry.Url.Authority}");
        var slate = await service.Http.GetFromJsonAsync<JsonElement>("/recommend/1?k=5");

        var foreign = """{"type":"record","name":"Rating","fields":[{"name":"user_id","type":"string"},{"name":"movie_id","type":"string"},{"name":"rating","type":"float"},{"name":"timestamp","type":"long"},{"name":"source","type":["null","string"]}]}""";
        var id = registry.Put("recs.rate-value", foreign);
        var bytes = await Avsc.EncodeAsync([(foreign, JsonNode.Parse("""{"user_id":"stranger","movie_id":"1","rating":4.5,"timestamp":"1700000000000","source":"elsewhere"}""")!)]);
        await Kcat.SendAsync(broker.Bootstrap, Topics.Rate, "stranger", Framed(id, bytes[0]));
        await Soon.HappensAsync("the rating is stored", async () => await recs.SqlAsync("select count(*) from recs.mt_events where type = 'movie_rated' and data->>'UserId' = 'stranger'") == 1);

        await Soon.HappensAsync("everything is published", async () => await recs.SqlAsync("select position from recs.recs_relay") == await recs.SqlAsync("select max(seq_id) from recs.mt_events"));
        var response = (await ReadAsync(registry, broker, Topics.RecoResponses, AvroSubjects.RecommendationResponses)).ShouldHaveSingleItem();
        response["request_id"]!.GetValue<string>().ShouldBe(slate.GetProperty("requestId").GetString());
        response["movie_ids"]!.AsArray().Select(m => m!.GetValue<string>()).ShouldBe(slate.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("movieId").GetString()!));
        (await ReadAsync(registry, broker, Topics.RecoRequests, AvroSubjects.RecommendationRequests)).ShouldHaveSingleItem();
        var ratings = await ReadAsync(registry, broker, Topics.UserInteractions, AvroSubjects.UserInteractions);
        ratings.Count.ShouldBe((int)await recs.SqlAsync("select count(*) from recs.mt_events where type = 'movie_rated'"));
        var theirs = ratings.Where(r => r["user_id"]!.GetValue<string>() == "stranger").ShouldHaveSingleItem();
        (theirs["rating"]!.GetValue<double>(), theirs["timestamp"]!.GetValue<string>(), theirs["kind"]!.GetValue<string>()).ShouldBe((4.5, "1700000000000", "rate"));
    }

    [Fact]
    public async Task Without_one_everything_is_JSON_as_the_served_schemas_say()
    {
        using var broker = Broker();
        await using var recs = await RecsProgram.PreparedAsync("popularity");
        await using var service = await recs.ServeAsync("--demo", "on", "--roles", "queries,commands,projections,relay", "--kafka", broker.Bootstrap);
        (await service.Http.GetAsync("/recommend/1?k=5")).EnsureSuccessStatusCode();
        (await service.Http.PostAsJsonAsync("/watches", new { userId = "1", movieId = "2", minute = 3 })).EnsureSuccessStatusCode();
        (await service.Http.PostAsJsonAsync("/opens", new { userId = "1", movieId = "2" })).EnsureSuccessStatusCode();
        await Soon.HappensAsync("everything is published", async () => await recs.SqlAsync("select position from recs.recs_relay") == await recs.SqlAsync("select max(seq_id) from recs.mt_events"));

        var list = await service.Http.GetFromJsonAsync<JsonElement>("/schemas");
        list.GetProperty("topics").EnumerateArray().Select(t => t.GetProperty("topic").GetString()).ShouldBe(TopicSchemas.All.Select(s => s.Topic));
        foreach (var topic in new[] { "reco_requests", "reco_responses", "user_interactions" })
        {
            var schema = await service.Http.GetStringAsync($"/schemas/{topic}");
            var values = await Kcat.ReadBytesAsync(broker.Bootstrap, $"{Topics.Prefix}.{topic}");
            values.ShouldNotBeEmpty(topic);
            (await Ajv.FaultsAsync([.. values.TakeLast(50).Select(value => (schema, JsonNode.Parse(value)))], closed: true)).ShouldAllBe(fault => fault == null);
        }
    }

    [Fact]
    public async Task A_schema_that_the_registry_refuses_ends_the_start_with_its_words()
    {
        await using var registry = await RegistryStandIn.StartAsync();
        registry.Put(AvroSubjects.ModelMetrics.Name, "\"string\"");
        using var broker = Broker();
        await using var recs = await RecsProgram.CreateAsync();
        var ended = await recs.RunAsync("up", "--port", "0", "--kafka", broker.Bootstrap, "--schema-registry", registry.Url.ToString());
        ended.ExitCode.ShouldBe(1, ended.Everything);
        ended.Error.ShouldContain("the schema of model-metrics-value is not compatible");
        ended.Error.ShouldNotContain("   at ");
    }

    /// <summary>What avsc reads out of a topic, with the schema that the registry has under the id of each frame.</summary>
    private static async Task<List<JsonNode>> ReadAsync(RegistryStandIn registry, MockBroker broker, string topic, AvroSubject subject)
    {
        var values = await Kcat.ReadBytesAsync(broker.Bootstrap, topic);
        foreach (var value in values)
            registry.SchemaOf(BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(1))).ShouldBe(subject.Schema);
        return await Avsc.DecodeAsync([.. values.Select(value => (subject.Schema, value[FrameLength..]))]);
    }

    private static byte[] Framed(int id, byte[] record)
    {
        var value = new byte[FrameLength + record.Length];
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(1), id);
        record.CopyTo(value, FrameLength);
        return value;
    }

    private static MockBroker Broker()
    {
        var broker = new MockBroker();
        foreach (var topic in new[] { Topics.Watch, Topics.Rate, Topics.Movielog, Topics.RecoRequests, Topics.RecoResponses, Topics.UserInteractions, Topics.ModelMetrics, Topics.AbTestEvents, Topics.DeadLetter })
            broker.WithTopic(topic);
        return broker;
    }
}
