using System.Buffers;
using System.Text.Json.Nodes;
using Recs.Contracts.Avro;
using Recs.Kafka.Avro;
using Recs.Kafka.Messages;
using Recs.Kafka.Tests.SchemaRegistry;
using Recs.Testing;
using Shouldly;

namespace Recs.Kafka.Tests.Avro;

/// <summary>Values that others wrote, with schemas of their own: avsc writes them.</summary>
public sealed class AvroFrameDecoderTests : IAsyncLifetime
{
    private const string Id = """{"name":"user_id","type":"string"},{"name":"movie_id","type":"string"}""";
    private readonly HastyClock clock = new();
    private RegistryStandIn registry = null!;
    private AvroFrameDecoder decoder = null!;

    public async Task InitializeAsync()
    {
        registry = await RegistryStandIn.StartAsync();
        decoder = new(registry.Connect(clock), clock);
    }

    public static TheoryData<string, string, string, IncomingInteraction> Writers => new()
    {
        {
            "the published schema", AvroSubjects.UserInteractions.Schema,
            """{"timestamp":"1700000000000","user_id":"u","movie_id":"m","kind":"rate","minute":null,"rating":4.5,"sequence":"9"}""",
            new(1_700_000_000_000, "u", "m", "rate", null, 4.5)
        },
        {
            "an older one, with fewer fields, and a shorter number for the time", $$$$"""{"type":"record","name":"Watch","fields":[{{{{Id}}}},{"name":"minute","type":"int"},{"name":"timestamp","type":"int"}]}""",
            """{"user_id":"u","movie_id":"m","minute":7,"timestamp":86400000}""",
            new(86_400_000, "u", "m", "", 7, null)
        },
        {
            "single precision, and a union the other way round",
            $$$$"""{"type":"record","name":"org.example.Rate","fields":[{"name":"timestamp","type":{"type":"long","logicalType":"timestamp-millis"}},{{{{Id}}}},{"name":"rating","type":["float","null"]}]}""",
            """{"timestamp":"5","user_id":"u","movie_id":"m","rating":3.5}""",
            new(5, "u", "m", "", null, 3.5)
        },
        {
            "a newer one, with fields of every kind that we do not know",
            $$$$"""
            {"type":"record","name":"Newer","fields":[
              {"name":"device","type":{"type":"enum","name":"Device","symbols":["tv","phone"]}},
              {"name":"tags","type":{"type":"map","values":{"type":"array","items":"long"}}},
              {"name":"timestamp","type":"long"},
              {"name":"digest","type":{"type":"fixed","name":"Digest","size":3}},
              {{{{Id}}}},
              {"name":"raw","type":"bytes"},
              {"name":"place","type":["null",{"type":"record","name":"Place","fields":[{"name":"lat","type":"double"},{"name":"height","type":"float"},{"name":"exact","type":"boolean"}]}]},
              {"name":"minute","type":["null","int"]},
              {"name":"score","type":"float"}]}
            """,
            """{"device":"phone","tags":{"a":["1","-2"],"b":[]},"timestamp":"5","digest":{"hex":"010203"},"user_id":"u","movie_id":"m","raw":{"hex":"ff00"},"place":{"lat":1.5,"height":2,"exact":true},"minute":12,"score":1}""",
            new(5, "u", "m", "", 12, null)
        },
    };

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task a_value_is_read_whatever_schema_it_was_written_with(string because, string schema, string value, IncomingInteraction expected)
    {
        var id = registry.Put("foreign-value", schema);
        var bytes = await Avsc.EncodeAsync([(schema, JsonNode.Parse(value)!)]);
        var decoded = await decoder.DecodeAsync(Framed(id, bytes[0]), default);
        decoded.Detail.ShouldBeNull(because);
        decoded.Interaction.ShouldBe(expected);
    }

    [Fact]
    public async Task a_schema_is_asked_for_once_by_however_many_at_a_time()
    {
        var id = registry.Put("foreign-value", AvroSubjects.UserInteractions.Schema);
        var value = Framed(id, SomeMessages.Of(new(1), 3).Last().Bytes);
        var decoded = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => decoder.DecodeAsync(value, default).AsTask())));
        decoded.ShouldAllBe(d => d.Interaction != null);
        decoder.DecodeAsync(value, default).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        registry.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task an_unknown_schema_makes_a_dead_letter_and_is_asked_for_again_only_later()
    {
        var value = Framed(1, SomeMessages.Of(new(1), 3).Last().Bytes);
        for (var i = 0; i < 2; i++)
            (await decoder.DecodeAsync(value, default)).Reason.ShouldBe(UndecodableReasons.UnknownSchema);
        registry.Asked.Count.ShouldBe(1);
        registry.Put("foreign-value", AvroSubjects.UserInteractions.Schema).ShouldBe(1);
        clock.Pass(TimeSpan.FromSeconds(31));
        (await decoder.DecodeAsync(value, default)).Interaction.ShouldNotBeNull();
    }

    [Fact]
    public async Task a_registry_that_is_away_makes_no_dead_letter()
    {
        var id = registry.Put("foreign-value", AvroSubjects.UserInteractions.Schema);
        var value = Framed(id, SomeMessages.Of(new(1), 3).Last().Bytes);
        registry.FailNext(500, 500, 500, 500);
        await Should.ThrowAsync<SchemaRegistryUnavailableException>(() => decoder.DecodeAsync(value, default).AsTask());
        (await decoder.DecodeAsync(value, default)).Interaction.ShouldNotBeNull();
    }

    [Fact]
    public async Task who_gives_up_does_not_take_the_answer_from_the_others()
    {
        var id = registry.Put("foreign-value", AvroSubjects.UserInteractions.Schema);
        var value = Framed(id, SomeMessages.Of(new(1), 3).Last().Bytes);
        using var impatient = new CancellationTokenSource();
        registry.FailNext(503);
        var (one, other) = (decoder.DecodeAsync(value, impatient.Token).AsTask(), decoder.DecodeAsync(value, default).AsTask());
        await impatient.CancelAsync();
        (await other).Interaction.ShouldNotBeNull();
        await Should.NotThrowAsync(() => one.ContinueWith(_ => { }, TaskScheduler.Default));
    }

    [Theory]
    [InlineData("\"string\"", null, "not a record")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"user_id","type":"string"}]}""", null, "no field 'timestamp'")]
    [InlineData("""{"type":"record","name":"R","fields":[{"name":"timestamp","type":{"type":"long","logicalType":"timestamp-micros"}},{"name":"user_id","type":"string"},{"name":"movie_id","type":"string"}]}""", null, "timestamp-micros")]
    [InlineData("nonsense", null, "not JSON")]
    [InlineData("syntax = \"proto3\";", "PROTOBUF", "PROTOBUF, not AVRO")]
    public async Task a_schema_that_says_something_else_makes_a_dead_letter(string schema, string? type, string said)
    {
        var decoded = await decoder.DecodeAsync(Framed(registry.Put("foreign-value", schema, type), [0]), default);
        decoded.Reason.ShouldBe(UndecodableReasons.UnreadableSchema);
        decoded.Detail!.ShouldContain(said);
        decoded.Detail!.Length.ShouldBeLessThan(600);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("00000001")]
    [InlineData("0000000001")]
    [InlineData("00FFFFFFFF00")]
    [InlineData("7B7D")]
    [InlineData("0000000001FFFFFFFFFFFFFFFFFFFFFF")]
    public async Task bytes_that_are_no_such_value_make_a_dead_letter(string bytes)
    {
        registry.Put("foreign-value", AvroSubjects.UserInteractions.Schema).ShouldBe(1);
        var decoded = await decoder.DecodeAsync(Convert.FromHexString(bytes), default);
        decoded.Reason.ShouldBe(UndecodableReasons.BadAvro);
        decoded.Detail.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task without_a_registry_a_framed_value_makes_a_dead_letter()
        => (await new NoFrameDecoder().DecodeAsync(Framed(1, [0]), default)).Reason.ShouldBe(UndecodableReasons.NoSchemaRegistry);

    public async Task DisposeAsync() => await registry.DisposeAsync();

    private static byte[] Framed(int id, byte[] record)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ConfluentFrame.Write(bytes, id);
        bytes.Write(record);
        return bytes.WrittenSpan.ToArray();
    }
}
