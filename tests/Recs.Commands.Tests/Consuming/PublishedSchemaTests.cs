using System.Text;
using System.Text.Json.Nodes;
using Recs.Commands.Consuming;
using Recs.Contracts.JsonSchemas;
using Recs.Testing;

namespace Recs.Commands.Tests.Consuming;

/// <summary>What the published JSON Schemas call valid is taken, and nothing else: a producer can trust them.</summary>
public sealed class PublishedSchemaTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Times =
        ["0", "1700000000000", "-1", "1.5", "true", "\"2024-02-29T12:34:56.789Z\"", "\"2024-02-29T12:34:56+02:00\"", "\"2024-02-29T12:34:56\"", "\"2024-02-29T12:34\"", "\"2024-02-29\"", "\"yesterday\"", "\"1700000000000\"", "\"\"", "null", "[]"];

    private static readonly string[] Ids =
        ["\"u\"", "\"the+matrix+1999\"", "\"a-_.%'~:@Z9\"", "7", "0", "1.5", "\"\"", "\"two words\"", "\"\\u0041\"", "\"é\"", "null", "{}", $"\"{new string('x', 200)}\"", $"\"{new string('x', 201)}\""];

    private static readonly string[] Ratings = ["0.5", "5", "4.0", "3.5", "0", "5.5", "4.3", "-1", "\"4\"", "null"];
    private static readonly string[] Minutes = ["0", "1440", "1441", "-1", "1.5", "\"1\"", "null", "99999999999"];

    [Fact]
    public async Task a_message_is_taken_if_and_only_if_its_schema_says_that_it_is_valid()
    {
        var messages = Messages("rate", "rating", "4.5", Ratings).Concat(Messages("watch", "minute", "12", Minutes)).ToList();
        var faults = await Ajv.FaultsAsync([.. messages.Select(m => (TopicSchemas.Find(m.Topic)!.JsonSchema, JsonNode.Parse(m.Json)))]);
        for (var i = 0; i < messages.Count; i++)
        {
            var taken = FactMessage.TryRead(Encoding.UTF8.GetBytes(messages[i].Json), Now, messages[i].Topic == "rate", out _, out var refusal);
            taken.ShouldBe(faults[i] is null, $"{messages[i].Json}: {refusal.Reason ?? "taken"}; schema: {faults[i] ?? "valid"}");
        }
        faults.Count(fault => fault is null).ShouldBeGreaterThan(20);
    }

    /// <summary>Good messages in which one field is replaced by each of its values, is missing, or has company.</summary>
    private static IEnumerable<(string Topic, string Json)> Messages(string topic, string field, string value, string[] values)
    {
        (string Name, string Good, string[] Tried)[] fields = [("timestamp", "0", Times), ("user_id", "\"u\"", Ids), ("movie_id", "\"m\"", Ids), (field, value, values)];
        foreach (var (changed, _, tried) in fields)
        {
            foreach (var other in tried)
                yield return (topic, Object(fields.Select(f => (f.Name, f.Name == changed ? other : f.Good))));
            yield return (topic, Object(fields.Where(f => f.Name != changed).Select(f => (f.Name, f.Good))));
        }
        yield return (topic, Object(fields.Select(f => (f.Name, f.Good)).Append(("device", """{"kind":"tv"}"""))));
        yield return (topic, "[]");
        yield return (topic, "\"text\"");
    }

    private static string Object(IEnumerable<(string Name, string Value)> fields) => "{" + string.Join(",", fields.Select(f => $"\"{f.Name}\":{f.Value}")) + "}";
}
