using System.Globalization;
using System.Text.Json.Nodes;

namespace Recs.Acceptance.Fuzzing;

/// <summary>Makes values for a schema: such as it asks for, at its edges, and such that nobody asks for.</summary>
internal sealed class ValueGenerator(Random random, KnownValues known, ApiDescription api)
{
    private static readonly string[] Garbage =
    [
        "", " ", "null", "true", "-1", "0", "1e400", "NaN", "99999999999999999999", "٣", "ß", "日本", "🎬", "\t\r\n", "a b", "';--", "\" or 1=1", "{\"a\":1}", "[", "%", "%00",
        "../../etc/passwd", "<script>", "a,b,,c", "\u0001", "2020-13-45T00:00:00Z", "-0.0", "0x10", "*", "user-1", "\\", "+", "~~", ".", "..",
    ];

    public bool Chance(double p) => random.NextDouble() < p;

    /// <summary>A value as it stands in a path, a query or a header.</summary>
    public string Text(string name, JsonObject schema, bool plausible)
        => !plausible && Chance(0.5) ? AnyText() : known.Pick(name, random) ?? (Value(name, schema, plausible) is { } node ? Bare(node) : "");

    /// <summary>A value as it stands in a body.</summary>
    public JsonNode? Value(string name, JsonObject schema, bool plausible)
    {
        schema = api.Resolve(schema);
        if (!plausible && Chance(0.3))
            return Wrong();
        var types = ApiDescription.Types(schema);
        if (schema["enum"] is JsonArray choices)
            return choices[random.Next(choices.Count)]?.DeepClone();
        if (types.Contains("object") || schema["properties"] is not null)
            return Object(schema, plausible);
        if (types.Contains("array"))
            return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(name, api.Resolve(schema["items"]), plausible))]);
        if (types.Contains("integer"))
            return JsonValue.Create(Whole(schema, plausible));
        if (types.Contains("number"))
            return JsonValue.Create(name == "rating" ? random.Next(1, 11) / 2.0 : random.Next(0, 100) / 10.0);
        if (types.Contains("boolean"))
            return JsonValue.Create(Chance(0.5));
        return JsonValue.Create((Chance(0.9) ? known.Pick(name, random) : null) ?? Word(schema));
    }

    public JsonObject Object(JsonObject schema, bool plausible)
    {
        var made = new JsonObject();
        var required = schema["required"]?.AsArray().Select(r => r!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
            if (plausible ? required.Contains(name) || Chance(0.3) : Chance(0.8))
                made[name] = Value(name, api.Resolve(property), plausible);
        if (!plausible && Chance(0.1))
            made["extra"] = 1;
        return made;
    }

    public string AnyText() => Chance(0.1) ? new string('x', random.Next(1, 400)) : Chance(0.2) ? Random() : Garbage[random.Next(Garbage.Length)];

    private JsonNode? Wrong() => random.Next(6) switch
    {
        0 => null,
        1 => JsonValue.Create(AnyText()),
        2 => JsonValue.Create(random.NextInt64(long.MinValue, long.MaxValue)),
        3 => new JsonArray(1, "a", new JsonObject()),
        4 => new JsonObject { ["a"] = new JsonObject() },
        _ => JsonValue.Create(-random.NextDouble() * 1e30),
    };

    private long Whole(JsonObject schema, bool plausible)
    {
        var least = Bound(schema, "minimum") ?? 0;
        var most = Math.Min(Bound(schema, "maximum") ?? least + 50, long.MaxValue - 1);
        return plausible ? random.NextInt64(least, most + 1) : random.Next(4) switch { 0 => least - 1, 1 => most + 1, 2 => least, _ => most };
    }

    private static long? Bound(JsonObject schema, string name)
        => schema[name] is { } bound && long.TryParse(bound.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private string Word(JsonObject schema) => schema["format"]?.GetValue<string>() switch
    {
        "date-time" => DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(900_000_000, 1_700_000_000)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        "uuid" => new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256))]).ToString("N"),
        _ => "word" + random.Next(1000),
    };

    private string Random() => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)random.Next(1, 0xD7FF)));

    private static string Bare(JsonNode node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node.ToJsonString();
}
