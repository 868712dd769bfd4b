using Recs.Contracts.Avro;
using Recs.Kafka.Avro;
using Shouldly;

namespace Recs.Kafka.Tests.Avro;

/// <summary>Which schemas can be read as which, and what comes of it.</summary>
public sealed class AvroResolutionTests
{
    [Theory]
    [InlineData("\"int\"", "\"long\"", "03", -2L)]
    [InlineData("\"int\"", "\"float\"", "04", 2f)]
    [InlineData("\"int\"", "\"double\"", "04", 2d)]
    [InlineData("\"long\"", "\"float\"", "04", 2f)]
    [InlineData("\"long\"", "\"double\"", "04", 2d)]
    [InlineData("\"float\"", "\"double\"", "00002040", 2.5d)]
    [InlineData("\"bytes\"", "\"string\"", "0461C3", null)] // not UTF-8
    [InlineData("\"bytes\"", "\"string\"", "0461 62", "ab")]
    [InlineData("[\"null\",\"int\"]", "\"long\"", "0204", 2L)]
    [InlineData("[\"null\",\"int\"]", "\"long\"", "00", null)] // the branch that is taken has no place
    [InlineData("\"int\"", "[\"null\",\"double\"]", "04", 2d)]
    [InlineData("[\"double\",\"null\"]", "[\"null\",\"double\"]", "000000000000000440", 2.5d)]
    [InlineData("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"", "0261", "a")]
    public void a_value_is_promoted_to_the_readers_type(string writer, string reader, string bytes, object? expected)
    {
        var plan = AvroResolution.Resolve(AvroSchemaParser.Parse(writer), AvroSchemaParser.Parse(reader));
        var read = () => plan.ReadAll(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));
        if (expected is null)
            Should.Throw<AvroFormatException>(() => read());
        else
            read().ShouldBe(expected); // the type is compared too
    }

    [Theory]
    [InlineData("\"long\"", "\"int\"")]
    [InlineData("\"string\"", "\"long\"")]
    [InlineData("[\"null\",\"string\"]", "\"long\"")]
    [InlineData("{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}", "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}")]
    [InlineData("{\"type\":\"array\",\"items\":\"string\"}", "{\"type\":\"array\",\"items\":\"long\"}")]
    [InlineData("{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"watch\"]}", "\"string\"")]
    [InlineData("{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}", "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"long\"}]}")]
    public void what_cannot_be_read_is_refused_before_the_first_value(string writer, string reader)
        => Should.Throw<AvroSchemaException>(() => AvroResolution.Resolve(AvroSchemaParser.Parse(writer), AvroSchemaParser.Parse(reader)));

    [Fact]
    public void a_renamed_field_is_found_by_its_former_name()
    {
        var plan = AvroResolution.Resolve(
            AvroSchemaParser.Parse("""{"type":"record","name":"R","fields":[{"name":"old","type":"int"}]}"""),
            AvroSchemaParser.Parse("""{"type":"record","name":"R","fields":[{"name":"other","type":"int","default":7},{"name":"new","type":"long","aliases":["old"]}]}"""));
        ((object?[])plan.ReadAll([4])!).ShouldBe([7, 2L]);
    }

    [Fact]
    public void each_of_our_schemas_can_follow_itself()
    {
        foreach (var subject in AvroSubjects.All)
            AvroResolution.Resolve(AvroSchemaParser.Parse(subject.Schema), AvroSchemaParser.Parse(subject.Schema)).ShouldBeOfType<RecordPlan>();
    }
}
