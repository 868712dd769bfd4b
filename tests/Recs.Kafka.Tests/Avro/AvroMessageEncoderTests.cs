using System.Text.Json.Nodes;
using Recs.Contracts.Avro;
using Recs.Contracts.Topics;
using Recs.Kafka.Avro;
using Recs.Kafka.Messages;
using Recs.Kafka.SchemaRegistry;
using Recs.Kafka.Tests.SchemaRegistry;
using Recs.Testing;
using Shouldly;

namespace Recs.Kafka.Tests.Avro;

public sealed class AvroMessageEncoderTests : IAsyncLifetime
{
    private RegistryStandIn registry = null!;
    private SchemaRegistryClient client = null!;

    public async Task InitializeAsync()
    {
        registry = await RegistryStandIn.StartAsync();
        client = registry.Connect(new HastyClock());
    }

    [Fact]
    public async Task every_value_is_framed_with_the_id_of_its_own_schema()
    {
        var encoder = new AvroMessageEncoder(client);
        await encoder.ReadyAsync(default);
        foreach (var message in SomeMessages.Of(new(1), 50))
        {
            var value = message.Message switch
            {
                RecoRequestMessage m => encoder.Encode(m),
                RecoResponseMessage m => encoder.Encode(m),
                UserInteractionMessage m => encoder.Encode(m),
                ModelMetricMessage m => encoder.Encode(m),
                var m => encoder.Encode((AbTestMessage)m),
            };
            ConfluentFrame.TryRead(value, out var id).ShouldBeTrue();
            (await client.FindAsync(id, default))!.Schema.ShouldBe(message.Subject.Schema);
            value[ConfluentFrame.Length..].ShouldBe(message.Bytes);
        }
    }

    [Fact]
    public async Task a_registry_that_refuses_one_schema_gets_none()
    {
        registry.Put(AvroSubjects.AbTestEvents.Name, "\"string\"");
        var refused = await Should.ThrowAsync<SchemaRefusedException>(() => new AvroMessageEncoder(client).ReadyAsync(default));
        refused.Message.ShouldContain(AvroSubjects.AbTestEvents.Name);
        registry.Asked.ShouldNotContain(asked => asked.StartsWith("POST /subjects", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_registry_that_is_away_is_tried_again_when_the_caller_does()
    {
        registry.FailNext(503, 503, 503, 503);
        var encoder = new AvroMessageEncoder(client);
        (await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => encoder.ReadyAsync(default))).Message.ShouldContain("does not answer: 503: told to fail");
        await encoder.ReadyAsync(default);
        var asked = registry.Asked.Count;
        await encoder.ReadyAsync(default);
        registry.Asked.Count.ShouldBe(asked); // the ids never change
        encoder.Encode(new AbTestMessage(1, "e", "started", null, null, null)).Length.ShouldBeGreaterThan(ConfluentFrame.Length);
    }

    [Fact]
    public void before_the_schemas_are_registered_nothing_is_encoded()
        => Should.Throw<InvalidOperationException>(() => new AvroMessageEncoder(client).Encode(new AbTestMessage(1, "e", "started", null, null, null)));

    [Fact]
    public void JSON_leaves_absent_fields_out()
        => JsonNode.DeepEquals(
            JsonNode.Parse(new JsonMessageEncoder().Encode(new RecoRequestMessage(1, "u", "r", null, "popularity"))),
            JsonNode.Parse("""{"timestamp":1,"user_id":"u","request_id":"r","model":"popularity"}""")).ShouldBeTrue();

    public async Task DisposeAsync() => await registry.DisposeAsync();
}
