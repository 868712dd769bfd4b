using FsCheck;
using FsCheck.Fluent;
using Recs.Contracts.Avro;
using Recs.Kafka.Avro;
using Shouldly;

namespace Recs.Kafka.Tests.Avro;

/// <summary>Bytes that no honest writer made cost an exception that says what is wrong with them, and nothing else.</summary>
public sealed class HostileBytesTests
{
    private const string Long = "\"long\"", Text = "\"string\"", Nulls = "{\"type\":\"array\",\"items\":\"null\"}", Texts = "{\"type\":\"array\",\"items\":\"string\"}";
    private const string Chain = """{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":0},{"name":"chain","type":{"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}}]}""";
    private const string Endless = """{"type":"record","name":"R","fields":[{"name":"chain","type":{"type":"record","name":"Node","fields":[{"name":"next","type":"Node"}]}}]}""";
    private const string Nothings = """{"type":"record","name":"R","fields":[{"name":"n","type":{"type":"map","values":"null"}},{"name":"m","type":{"type":"array","items":"null"}}]}""";

    [Theory]
    [InlineData(Long, "", "The bytes end")]
    [InlineData(Long, "FFFF", "The bytes end")]
    [InlineData(Long, "FFFFFFFFFFFFFFFFFF02", "more than 64 bits")]
    [InlineData("\"int\"", "8080808010", "more than 32 bits")]
    [InlineData("\"boolean\"", "02", "neither 0 nor 1")]
    [InlineData("\"double\"", "00000000", "The bytes end")]
    [InlineData(Text, "0A61", "5 bytes are announced, and 1 are left")]
    [InlineData(Text, "FEFFFFFFFFFFFFFFFF01", "are announced, and 0 are left")]
    [InlineData(Text, "01", "-1 bytes are announced")]
    [InlineData(Text, "02FF", "not UTF-8")]
    [InlineData(Text, "026100", "1 of 3 bytes are left")]
    [InlineData("[\"null\",\"int\"]", "04", "2 branches")]
    [InlineData("[\"null\",\"int\"]", "01", "2 branches")]
    [InlineData(Texts, "FEFFFFFFFFFFFFFFFF01", "The bytes end")]
    [InlineData(Nulls, "FEFFFFFFFFFFFFFFFF01", "more values")]
    [InlineData(Texts, "01FEFFFFFFFFFFFFFFFF01", "announces")]
    [InlineData(Texts, "FFFFFFFFFFFFFFFFFF0100", "announces")]
    public void each_lie_is_named(string schema, string bytes, string said)
    {
        var plan = AvroResolution.Resolve(AvroSchemaParser.Parse(schema), AvroSchemaParser.Parse(schema));
        Should.Throw<AvroFormatException>(() => plan.ReadAll(Convert.FromHexString(bytes))).Message.ShouldContain(said);
    }

    [Fact]
    public void records_in_one_another_without_end_are_refused_where_they_are_passed_over()
    {
        Should.Throw<AvroFormatException>(() => Passed(Chain, [0, .. Enumerable.Repeat((byte)2, 1_000_000), 0])).Message.ShouldContain("deep");
        Should.Throw<AvroFormatException>(() => Passed(Endless, [])).Message.ShouldContain("deep");
        Passed(Chain, [4, 2, 2, 0]).ShouldBe([2]);
    }

    [Fact]
    public void what_takes_no_bytes_is_not_counted_without_end()
    {
        Should.Throw<AvroFormatException>(() => Passed(Nothings, [0, .. Convert.FromHexString("FEFFFFFFFFFFFFFFFF01"), 0])).Message.ShouldContain("more values");
        Passed(Nothings, [1, 4, 2, 97, 0, 20, 0]).ShouldBe([0]); // a block that says how long it is, then ten nulls
    }

    [Fact]
    public void a_length_that_is_a_lie_takes_no_memory()
    {
        var plan = AvroResolution.Resolve(AvroSchemaParser.Parse(Texts), AvroSchemaParser.Parse(Texts));
        var lie = Convert.FromHexString("FCFFFFFFFFFFFFFFFF01" + "FCFFFFFF0F");
        Should.Throw<AvroFormatException>(() => plan.ReadAll(lie));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<AvroFormatException>(() => plan.ReadAll(lie));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000);
    }

    [Fact]
    public void no_bytes_do_more_than_be_refused()
        => Prop.ForAll(Gen.Elements(AvroSubjects.All.Select(subject => subject.Schema).ToArray()).ToArbitrary(), Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(80).ToArbitrary(), (schema, bytes) => Survives(schema, bytes))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void no_damaged_message_does_more_than_be_refused()
    {
        var messages = SomeMessages.Of(new(7), 100).ToArray();
        Prop.ForAll(Gen.Elements(messages).ToArbitrary(), Gen.Choose(0, 100_000).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (message, at, with) =>
        {
            var damaged = (byte[])message.Bytes.Clone();
            damaged[at % damaged.Length] = (byte)with;
            return Survives(message.Subject.Schema, damaged) && Survives(message.Subject.Schema, message.Bytes[..(at % message.Bytes.Length)]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static bool Survives(string schema, byte[] bytes)
    {
        var parsed = AvroSchemaParser.Parse(schema);
        try
        {
            AvroResolution.Resolve(parsed, parsed).ReadAll(bytes);
        }
        catch (AvroFormatException e)
        {
            return e.Message.Length > 0;
        }
        return true;
    }

    /// <summary>Reads the field <c>a</c> alone; the rest is passed over.</summary>
    private static object?[] Passed(string writer, byte[] bytes)
        => (object?[])AvroResolution.Resolve(AvroSchemaParser.Parse(writer), AvroSchemaParser.Parse("""{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":0}]}""")).ReadAll(bytes)!;
}
