using System.Text.Json.Nodes;
using Recs.Kafka.Avro;
using Recs.Testing;
using Shouldly;

namespace Recs.Kafka.Tests.Avro;

/// <summary>What we write, avsc reads, and the other way round, byte for byte.</summary>
public sealed class ByOtherHandsTests
{
    private static readonly List<SomeMessage> Messages = [.. SomeMessages.Of(new(20260301), 2000)];

    [Fact]
    public async Task avsc_writes_the_very_bytes_that_we_write()
    {
        var theirs = await Avsc.EncodeAsync([.. Messages.Select(m => (m.Subject.Schema, (JsonNode)m.Value))]);
        theirs.Count.ShouldBe(Messages.Count);
        for (var i = 0; i < theirs.Count; i++)
            Convert.ToHexString(Messages[i].Bytes).ShouldBe(Convert.ToHexString(theirs[i]), $"{Messages[i].Subject.Name}: {Messages[i].Message}");
    }

    [Fact]
    public async Task avsc_reads_what_we_write_and_we_do()
    {
        var theirs = await Avsc.DecodeAsync([.. Messages.Select(m => (m.Subject.Schema, m.Bytes))]);
        theirs.Count.ShouldBe(Messages.Count);
        for (var i = 0; i < theirs.Count; i++)
        {
            JsonNode.DeepEquals(theirs[i], Messages[i].Value).ShouldBeTrue($"{theirs[i]} is not {Messages[i].Value}");
            JsonNode.DeepEquals(Ours(Messages[i]), Messages[i].Value).ShouldBeTrue($"{Ours(Messages[i])} is not {Messages[i].Value}");
        }
    }

    private static JsonObject Ours(SomeMessage message)
    {
        var schema = (AvroRecord)AvroSchemaParser.Parse(message.Subject.Schema);
        var fields = (object?[])AvroResolution.Resolve(schema, schema).ReadAll(message.Bytes)!;
        JsonObject value = [];
        foreach (var (field, read) in schema.Fields.Zip(fields))
            value[field.Name] = read switch
            {
                null => null,
                long number => number.ToString(),
                List<object?> items => new JsonArray([.. items.Select(item => JsonValue.Create((string)item!))]),
                _ => JsonValue.Create(read),
            };
        return value;
    }
}
