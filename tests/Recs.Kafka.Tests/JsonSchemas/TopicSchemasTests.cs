using System.Text.Json.Nodes;
using Recs.Contracts.JsonSchemas;
using Recs.Contracts.Topics;
using Recs.Kafka.Messages;
using Recs.Testing;
using Shouldly;

namespace Recs.Kafka.Tests.JsonSchemas;

/// <summary>The published JSON Schemas, asked by a validator of other hands.</summary>
public sealed class TopicSchemasTests
{
    private static readonly JsonMessageEncoder Encoder = new();

    /// <summary>Two messages of each kind: one with everything, one with nothing that may be absent.</summary>
    private static readonly (string Topic, byte[] Value)[] Good =
    [
        ("reco_requests", Encoder.Encode(new RecoRequestMessage(0, "u", "r", 20, "popularity"))),
        ("reco_requests", Encoder.Encode(new RecoRequestMessage(1_700_000_000_000, "a+b-c_d.e%f'g~h:i@j", "r", null, null))),
        ("reco_responses", Encoder.Encode(new RecoResponseMessage(0, "u", "r", 200, 0.25, ["1", "the+matrix+1999"], "popularity-v0.1", true))),
        ("reco_responses", Encoder.Encode(new RecoResponseMessage(0, "u", "r", 503, null, [], null, false))),
        ("user_interactions", Encoder.Encode(new UserInteractionMessage(0, "u", "m", InteractionKinds.Watch, 1440, null, 1))),
        ("user_interactions", Encoder.Encode(new UserInteractionMessage(0, "u", "m", InteractionKinds.Rate, null, 4.5, 2))),
        ("user_interactions", Encoder.Encode(new UserInteractionMessage(0, "u", "m", InteractionKinds.Open, null, null, 3))),
        ("model_metrics", Encoder.Encode(new ModelMetricMessage(0, "ease", "ease-v0.1", "leave-last-out", "ndcg", 10, 0.25))),
        ("model_metrics", Encoder.Encode(new ModelMetricMessage(0, "ease", "ease-v0.1", "leave-last-out", "rmse", null, -1e-9))),
        ("ab_test_events", Encoder.Encode(new AbTestMessage(0, "e", "exposed", "b", "u", "r"))),
        ("ab_test_events", Encoder.Encode(new AbTestMessage(0, "e", "started", null, null, null))),
    ];

    [Fact]
    public async Task what_is_published_is_valid_and_has_no_field_that_is_not_described()
    {
        var faults = await Ajv.FaultsAsync([.. Good.Select(message => (Schema(message.Topic), JsonNode.Parse(message.Value)))], closed: true);
        faults.ShouldAllBe(fault => fault == null);
        Good.Select(message => message.Topic).Distinct().Order().ShouldBe(TopicSchemas.All.Where(s => s.Direction == TopicDirection.Out).Select(s => s.Topic).Order());
    }

    [Theory]
    [InlineData("user_interactions", """{"timestamp":0,"user_id":"u","movie_id":"m","kind":"rate","sequence":1}""", "rating")]
    [InlineData("user_interactions", """{"timestamp":0,"user_id":"u","movie_id":"m","kind":"watch","sequence":1}""", "minute")]
    [InlineData("user_interactions", """{"timestamp":0,"user_id":"u","movie_id":"m","kind":"like","sequence":1}""", "kind")]
    [InlineData("user_interactions", """{"timestamp":0,"user_id":"u s e r","movie_id":"m","kind":"open","sequence":1}""", "user_id")]
    [InlineData("reco_responses", """{"timestamp":0,"user_id":"u","request_id":"r","status":200,"movie_ids":"1","is_personalized":true}""", "movie_ids")]
    [InlineData("ab_test_events", """{"timestamp":0,"kind":"started"}""", "experiment")]
    [InlineData("rate", """{"timestamp":0,"user_id":"u","movie_id":"m","rating":4.3}""", "rating")]
    [InlineData("watch", """{"timestamp":"yesterday","user_id":"u","movie_id":"m","minute":1}""", "timestamp")]
    public async Task what_is_something_else_is_not_valid(string topic, string value, string said)
        => (await Ajv.FaultsAsync([(Schema(topic), JsonNode.Parse(value))])).ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain(said);

    [Fact]
    public void every_topic_below_the_prefix_has_a_schema_or_needs_none()
    {
        var names = new TopicNames("p");
        var topics = typeof(TopicNames).GetProperties().Where(p => p.Name != nameof(TopicNames.Prefix)).Select(p => ((string)p.GetValue(names)!)[2..]);
        topics.Except(["movielog", "dead_letter"]).Order().ShouldBe(TopicSchemas.All.Select(s => s.Topic).Order());
    }

    [Fact]
    public void the_JSON_Schema_and_the_Avro_schema_of_what_goes_out_have_the_same_fields()
    {
        foreach (var schema in TopicSchemas.All.Where(s => s.Direction == TopicDirection.Out))
            JsonNode.Parse(schema.JsonSchema)!["properties"]!.AsObject().Select(p => p.Key)
                .ShouldBe(JsonNode.Parse(schema.Avro.Schema)!["fields"]!.AsArray().Select(f => f!["name"]!.GetValue<string>()), schema.Topic);
    }

    private static string Schema(string topic) => TopicSchemas.Find(topic)!.JsonSchema;
}
