using System.Reflection;
using System.Text.Json;
using Recs.Contracts.Avro;
using Recs.Contracts.Topics;
using Recs.Kafka.Avro;
using Shouldly;

namespace Recs.Kafka.Tests.Avro;

/// <summary>The published schemas and the messages say the same.</summary>
public sealed class MessageSchemasTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static TheoryData<string, Type> Records => new()
    {
        { "recommendation-requests-value", typeof(RecoRequestMessage) },
        { "recommendation-responses-value", typeof(RecoResponseMessage) },
        { "user-interactions-value", typeof(UserInteractionMessage) },
        { "model-metrics-value", typeof(ModelMetricMessage) },
        { "ab-test-events-value", typeof(AbTestMessage) },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void a_schema_has_the_fields_of_its_message_in_their_order(string subject, Type message)
        => Schema(subject).Fields.Select(field => field.Name).ShouldBe(message.GetProperties().Select(property => FieldNames.Of(property.Name)));

    [Theory]
    [MemberData(nameof(Records))]
    public void a_field_that_may_be_absent_is_a_union_with_null_and_null_by_default(string subject, Type message)
    {
        foreach (var (field, property) in Schema(subject).Fields.Zip(message.GetProperties()))
        {
            var absent = Nullability.Create(property).ReadState == NullabilityState.Nullable || field.Name == "sequence"; // others who write interactions have none
            (field.Type is AvroUnion { Branches: [{ Type: AvroType.Null }, _] }).ShouldBe(absent, field.Name);
            if (absent)
                field.Default!.Value.ValueKind.ShouldBe(JsonValueKind.Null, field.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void every_field_says_what_it_is(string subject, Type message)
    {
        using var schema = JsonDocument.Parse(AvroSubjects.All.Single(s => s.Name == subject).Schema);
        foreach (var field in schema.RootElement.GetProperty("fields").EnumerateArray())
            field.GetProperty("doc").GetString().ShouldNotBeNullOrWhiteSpace($"{field} of {message.Name}");
    }

    [Fact]
    public void every_subject_is_tested_here()
        => Records.Select(row => (string)row[0]).Order().ShouldBe(AvroSubjects.All.Select(subject => subject.Name).Order());

    private static AvroRecord Schema(string subject) => (AvroRecord)AvroSchemaParser.Parse(AvroSubjects.All.Single(s => s.Name == subject).Schema);
}
