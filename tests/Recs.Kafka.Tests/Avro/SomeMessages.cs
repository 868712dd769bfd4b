using System.Buffers;
using System.Text.Json.Nodes;
using Recs.Contracts.Avro;
using Recs.Contracts.Topics;
using Recs.Kafka.Avro;

namespace Recs.Kafka.Tests.Avro;

/// <summary>A message, its subject, and what it is in Avro.</summary>
/// <param name="Subject">Whose schema it has.</param>
/// <param name="Message">The message.</param>
/// <param name="Bytes">As our codec writes it.</param>
internal sealed record SomeMessage(AvroSubject Subject, object Message, byte[] Bytes)
{
    /// <summary>The message as JSON with all fields, longs as strings.</summary>
    public JsonObject Value
    {
        get
        {
            JsonObject value = [];
            foreach (var property in Message.GetType().GetProperties())
                value[FieldNames.Of(property.Name)] = property.GetValue(Message) switch
                {
                    null => null,
                    long number => number.ToString(),
                    IReadOnlyList<string> texts => new JsonArray([.. texts.Select(text => (JsonNode)text)]),
                    var other => JsonValue.Create(other),
                };
            return value;
        }
    }
}

/// <summary>How the properties of messages are called on topics.</summary>
internal static class FieldNames
{
    public static string Of(string property) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
}

/// <summary>Messages of all kinds, the odd ones among them: the longest numbers, empty lists, absent fields, text beyond ASCII.</summary>
internal static class SomeMessages
{
    private static readonly string[] Words = ["", "a", "the+matrix+1999", "Amélie", "七人の侍", "🎬", new('x', 200), "quote \" and \\ and \n"];

    public static IEnumerable<SomeMessage> Of(Random random, int count)
    {
        for (var i = 0; i < count; i++)
            yield return (i % 5) switch
            {
                0 => One(AvroSubjects.RecommendationRequests, new RecoRequestMessage(Long(random), Word(random), Word(random), Maybe(random, Int), MaybeWord(random)), MessageRecords.Write),
                1 => One(AvroSubjects.RecommendationResponses, new RecoResponseMessage(Long(random), Word(random), Word(random), Int(random), Maybe(random, Double),
                    [.. Enumerable.Range(0, random.Next(4) * random.Next(40)).Select(_ => Word(random))], MaybeWord(random), random.Next(2) == 0), MessageRecords.Write),
                2 => One(AvroSubjects.UserInteractions, new UserInteractionMessage(Long(random), Word(random), Word(random), Word(random), Maybe(random, Int), Maybe(random, Double), Long(random)), MessageRecords.Write),
                3 => One(AvroSubjects.ModelMetrics, new ModelMetricMessage(Long(random), Word(random), Word(random), Word(random), Word(random), Maybe(random, Int), Double(random)), MessageRecords.Write),
                _ => One(AvroSubjects.AbTestEvents, new AbTestMessage(Long(random), Word(random), Word(random), MaybeWord(random), MaybeWord(random), MaybeWord(random)), MessageRecords.Write),
            };
    }

    private delegate void Writing<TMessage>(TMessage message, AvroWriter avro);

    private static SomeMessage One<TMessage>(AvroSubject subject, TMessage message, Writing<TMessage> write) where TMessage : notnull
    {
        var bytes = new ArrayBufferWriter<byte>();
        write(message, new(bytes));
        return new(subject, message, bytes.WrittenSpan.ToArray());
    }

    private static long Long(Random random) => random.Next(6) switch
    {
        0 => long.MaxValue,
        1 => long.MinValue,
        2 => random.Next(-70, 70),
        3 => 1L << random.Next(64),
        _ => random.NextInt64(4_000_000_000_000),
    };

    private static int Int(Random random) => random.Next(4) switch { 0 => int.MaxValue, 1 => int.MinValue, _ => random.Next(-300, 300) };

    private static double Double(Random random) => random.Next(4) switch { 0 => double.MaxValue, 1 => double.Epsilon, 2 => -0.5 * random.Next(20), _ => random.NextDouble() };

    private static string Word(Random random) => Words[random.Next(Words.Length)];

    private static string? MaybeWord(Random random) => random.Next(3) == 0 ? null : Word(random);

    private static T? Maybe<T>(Random random, Func<Random, T> of) where T : struct => random.Next(3) == 0 ? null : of(random);
}
