using FsCheck;
using FsCheck.Fluent;
using Recs.Contracts.Avro;
using Recs.Kafka.Avro;
using Shouldly;

namespace Recs.Kafka.Tests.Avro;

public sealed class AvroSchemaParserTests
{
    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("7", "a name, a list or an object")]
    [InlineData("\"decimal\"", "'decimal'")]
    [InlineData("{\"name\":\"R\"}", "no 'type'")]
    [InlineData("[\"null\",[\"int\"]]", "union")]
    [InlineData("{\"type\":\"record\",\"fields\":[]}", "no name")]
    [InlineData("{\"type\":\"record\",\"name\":\"R\",\"fields\":{}}", "not a list")]
    [InlineData("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\"}]}", "'type' is missing")]
    [InlineData("{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"a\",\"type\":\"int\"}]}", "twice")]
    [InlineData("{\"type\":\"fixed\",\"name\":\"F\",\"size\":-1}", "size")]
    [InlineData("[{\"type\":\"fixed\",\"name\":\"F\",\"size\":1},{\"type\":\"fixed\",\"name\":\"F\",\"size\":1}]", "defined twice")]
    public void a_text_that_is_no_schema_is_refused_with_what_is_wrong(string text, string said)
        => Should.Throw<AvroSchemaException>(() => AvroSchemaParser.Parse(text)).Message.ShouldContain(said);

    [Fact]
    public void a_type_may_be_named_from_within_itself_and_from_its_namespace()
    {
        var schema = (AvroRecord)AvroSchemaParser.Parse("""
            {"type":"record","name":"a.b.Node","fields":[{"name":"next","type":["null","Node"]},{"name":"mark","type":{"type":"fixed","name":"Mark","size":2}},{"name":"again","type":"a.b.Mark"}]}
            """);
        ((AvroUnion)schema.Fields[0].Type).Branches[1].ShouldBeSameAs(schema);
        schema.Fields[2].Type.ShouldBeSameAs(schema.Fields[1].Type);
    }

    [Fact]
    public void schemas_in_one_another_without_end_are_refused()
        => Should.Throw<AvroSchemaException>(() => AvroSchemaParser.Parse(string.Concat(Enumerable.Repeat("{\"type\":", 100_000)) + "\"int\"" + new string('}', 100_000)));

    [Fact]
    public void no_damaged_schema_does_more_than_be_refused()
        => Prop.ForAll(Gen.Elements(AvroSubjects.All.Select(subject => subject.Schema).ToArray()).ToArbitrary(), Gen.Choose(0, 5000).ToArbitrary(), Gen.Choose(32, 126).ToArbitrary(), (schema, at, with) =>
        {
            var damaged = schema.Remove(at % schema.Length, 1).Insert(at % schema.Length, ((char)with).ToString());
            try
            {
                AvroResolution.Resolve(AvroSchemaParser.Parse(damaged), AvroSchemaParser.Parse(schema));
            }
            catch (AvroSchemaException)
            {
                return true;
            }
            return true;
        }).QuickCheckThrowOnFailure();
}
