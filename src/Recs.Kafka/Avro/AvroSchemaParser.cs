using System.Text.Json;

namespace Recs.Kafka.Avro;

/// <summary>Reads schemas as JSON has them. Foreign ones are read too, so nothing about the text is believed.</summary>
internal sealed class AvroSchemaParser
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int MaxLength = 1 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };
    private readonly Dictionary<string, AvroSchema> named = new(StringComparer.Ordinal);

    private AvroSchemaParser() { }

    /// <summary>The schema of a text.</summary>
    /// <exception cref="AvroSchemaException">It is none, or one of types that it does not define.</exception>
    public static AvroSchema Parse(string text)
    {
        if (text.Length > MaxLength)
            throw new AvroSchemaException($"A schema has at most {MaxLength} characters, this one has {text.Length}.");
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return new AvroSchemaParser().Read(document.RootElement, "");
        }
        catch (JsonException e)
        {
            throw new AvroSchemaException($"The schema is not JSON: {e.Message}", e);
        }
    }

    private AvroSchema Read(JsonElement json, string space) => json.ValueKind switch
    {
        JsonValueKind.String => Named(json.GetString()!, space),
        JsonValueKind.Array => Union(json, space),
        JsonValueKind.Object => Object(json, space),
        _ => throw new AvroSchemaException($"A schema is a name, a list or an object, not {Shown(json)}."),
    };

    private AvroSchema Named(string name, string space)
        => Primitive(name) is { } type ? new AvroPrimitive(type, null)
        : named.GetValueOrDefault(Full(name, space)) ?? named.GetValueOrDefault(name) ?? throw new AvroSchemaException($"The schema names the type '{name}', which it does not define.");

    private AvroUnion Union(JsonElement json, string space)
    {
        List<AvroSchema> branches = [];
        foreach (var branch in json.EnumerateArray())
            branches.Add(Read(branch, space) is not AvroUnion and var one ? one : throw new AvroSchemaException("A union may not stand directly in a union."));
        return new(branches);
    }

    private AvroSchema Object(JsonElement json, string space)
    {
        if (!json.TryGetProperty("type", out var type))
            throw new AvroSchemaException($"A schema has no 'type': {Shown(json)}.");
        if (type.ValueKind != JsonValueKind.String)
            return Read(type, space);
        return type.GetString() switch
        {
            "record" or "error" => Record(json, space),
            "enum" => Define(new AvroEnum(NameOf(json, space)), NameOf(json, space)),
            "fixed" => Define(new AvroFixed(NameOf(json, space), SizeOf(json)), NameOf(json, space)),
            "array" => new AvroArray(Read(Member(json, "items"), space)),
            "map" => new AvroMap(Read(Member(json, "values"), space)),
            { } name => Primitive(name) is { } primitive ? new AvroPrimitive(primitive, TextOf(json, "logicalType")) : Named(name, space),
            null => throw new AvroSchemaException($"A schema's 'type' is not a name: {Shown(json)}."),
        };
    }

    private AvroRecord Record(JsonElement json, string space)
    {
        var name = NameOf(json, space);
        var record = Define(new AvroRecord(name), name);
        var inner = name.LastIndexOf('.') is > 0 and var end ? name[..end] : "";
        List<AvroField> fields = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var field in Elements(json, "fields"))
        {
            var called = TextOf(field, "name") ?? throw new AvroSchemaException($"A field of {record} has no name: {Shown(field)}.");
            if (!names.Add(called))
                throw new AvroSchemaException($"{record} has the field '{called}' twice.");
            fields.Add(new(called, Read(Member(field, "type"), inner), field.TryGetProperty("default", out var value) ? value.Clone() : null, Texts(field, "aliases")));
        }
        record.Fields = fields;
        return record;
    }

    private TSchema Define<TSchema>(TSchema schema, string name) where TSchema : AvroSchema
        => named.TryAdd(name, schema) ? schema : throw new AvroSchemaException($"The type '{name}' is defined twice.");

    private static string NameOf(JsonElement json, string space)
        => Full(TextOf(json, "name") ?? throw new AvroSchemaException($"A type has no name: {Shown(json)}."), TextOf(json, "namespace") ?? space);

    private static string Full(string name, string space) => space.Length == 0 || name.Contains('.') ? name : $"{space}.{name}";

    private static int SizeOf(JsonElement json)
        => Member(json, "size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt32(out var bytes) && bytes >= 0 ? bytes
        : throw new AvroSchemaException($"A fixed type's 'size' is not a number of bytes: {Shown(json)}.");

    private static JsonElement Member(JsonElement json, string name)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : throw new AvroSchemaException($"'{name}' is missing: {Shown(json)}.");

    private static JsonElement.ArrayEnumerator Elements(JsonElement json, string name)
        => Member(json, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : throw new AvroSchemaException($"'{name}' is not a list: {Shown(json)}.");

    private static string? TextOf(JsonElement json, string name)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static IReadOnlyList<string> Texts(JsonElement json, string name)
        => json.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    private static AvroType? Primitive(string name) => name switch
    {
        "null" => AvroType.Null,
        "boolean" => AvroType.Boolean,
        "int" => AvroType.Int,
        "long" => AvroType.Long,
        "float" => AvroType.Float,
        "double" => AvroType.Double,
        "bytes" => AvroType.Bytes,
        "string" => AvroType.String,
        _ => null,
    };

    private static string Shown(JsonElement json) => json.GetRawText() is var text && text.Length <= 100 ? text : text[..100] + " ...";
}
