using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Shouldly;

namespace Recs.EventStore.Tests.Evolving;

public sealed class EventTypesTests
{
    private sealed record LampLit(string Room, int Lumen);

    private static JsonTypeInfo<T> Json<T>() => (JsonTypeInfo<T>)JsonSerializerOptions.Default.GetTypeInfo(typeof(T));

    /// <summary>lamp_lit had watts, lamp_lit_v2 lumens under another name, lamp_lit_v3 has the contract.</summary>
    private static EventTypes Lamps() => new EventTypes()
        .Map("lamp_lit_v3", Json<LampLit>())
        .Upcast("lamp_lit", "lamp_lit_v2", Rewrite(o => new() { ["Room"] = o["Room"]!.DeepClone(), ["Light"] = (int)o["Watt"]! * 10 }))
        .Upcast("lamp_lit_v2", "lamp_lit_v3", Rewrite(o => new() { ["Room"] = o["Room"]!.DeepClone(), ["Lumen"] = (int)o["Light"]! }));

    private static Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Rewrite(Func<JsonObject, JsonObject> change) =>
        old => Encoding.UTF8.GetBytes(change(JsonNode.Parse(old.Span)!.AsObject()).ToJsonString());

    private static RecordedEvent Recorded(string type, string data) =>
        new(7, Guid.Empty, "s", 1, type, Encoding.UTF8.GetBytes(data), DateTimeOffset.UnixEpoch, null, null);

    [Fact]
    public void What_is_encoded_is_decoded()
    {
        var written = Lamps().Encode(Guid.Empty, new LampLit("hall", 800), correlationId: "c");

        written.Type.ShouldBe("lamp_lit_v3");
        written.CorrelationId.ShouldBe("c");
        written.DotNetType.ShouldBe("Recs.EventStore.Tests.Evolving.EventTypesTests+LampLit, Recs.EventStore.Tests");
        Encoding.UTF8.GetString(written.Data.Span).ShouldBe("""{"Room":"hall","Lumen":800}""");
        Lamps().Decode(Recorded("lamp_lit_v3", """{"Room":"hall","Lumen":800}""")).ShouldBe(new LampLit("hall", 800));
    }

    [Fact]
    public void An_old_body_is_brought_up_to_date_through_every_step()
    {
        Lamps().Decode(Recorded("lamp_lit", """{"Room":"hall","Watt":60}""")).ShouldBe(new LampLit("hall", 600));
        Lamps().Decode(Recorded("lamp_lit_v2", """{"Room":"hall","Light":700}""")).ShouldBe(new LampLit("hall", 700));
    }

    [Fact]
    public void An_unknown_alias_is_named() =>
        Should.Throw<UnknownEventTypeException>(() => Lamps().Decode(Recorded("lamp_stolen", "{}"))).Alias.ShouldBe("lamp_stolen");

    [Fact]
    public void A_body_that_does_not_fit_is_named_by_its_position() =>
        Should.Throw<UnreadableEventException>(() => Lamps().Decode(Recorded("lamp_lit_v3", """{"Lumen":"bright"}"""))).Message.ShouldContain("Event 7 ('lamp_lit_v3', stream 's'");

    [Fact]
    public void Older_aliases_are_found_from_the_newest() =>
        Lamps().WithOlder(["lamp_lit_v3", "other"]).ShouldBe(["lamp_lit", "lamp_lit_v2", "lamp_lit_v3", "other"]);

    [Fact]
    public void Contradictory_registrations_are_refused()
    {
        Should.Throw<InvalidOperationException>(() => Lamps().Map("lamp_lit_v3", Json<string>()));
        Should.Throw<InvalidOperationException>(() => Lamps().Map("lamp", Json<LampLit>()));
        Should.Throw<InvalidOperationException>(() => Lamps().Map("lamp_lit", Json<string>()));
        Should.Throw<InvalidOperationException>(() => Lamps().Upcast("lamp_lit", "other", d => d));
        Should.Throw<InvalidOperationException>(() => Lamps().Upcast("lamp_lit_v3", "lamp_lit", d => d));
        Should.Throw<InvalidOperationException>(() => new EventTypes().Upcast("a", "b", d => d).Upcast("b", "a", d => d));
        Should.Throw<InvalidOperationException>(() => Lamps().Encode(Guid.Empty, "no contract"));
    }

    [Fact]
    public async Task The_log_is_read_in_the_newest_shape_and_by_the_newest_alias()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(new([new("lamp-1", ExpectedVersion.Any,
        [
            Given.Event("lamp_lit", """{"Room":"hall","Watt":60}"""), Given.Event("lamp_stolen"), Given.Event("lamp_lit_v3", """{"Room":"hall","Lumen":5}"""),
        ])]));
        var reader = new EventReader(store.Source, store.Options, Lamps());

        var lit = await reader.ReadLogAsync(0, 3, ["lamp_lit_v3"]).ToListAsync();

        lit.Select(e => e.Type).ShouldBe(["lamp_lit_v3", "lamp_lit_v3"]);
        lit.Select(Lamps().Decode).ShouldBe([new LampLit("hall", 600), new LampLit("hall", 5)]);
    }
}
