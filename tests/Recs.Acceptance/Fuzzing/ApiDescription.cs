using System.Text.Json.Nodes;

namespace Recs.Acceptance.Fuzzing;

/// <summary>A parameter of an operation. <paramref name="Place"/> is path, query or header.</summary>
internal sealed record Parameter(string Name, string Place, bool Required, JsonObject Schema);

/// <summary>One method of one path.</summary>
internal sealed record Operation(string Method, string Path, IReadOnlyList<Parameter> Parameters, string? BodyType, JsonObject? BodySchema)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What the service says about itself in <c>/openapi/v1.json</c>.</summary>
internal sealed class ApiDescription
{
    private readonly JsonNode _document;

    public ApiDescription(string openApi)
    {
        _document = JsonNode.Parse(openApi)!;
        Operations = [.. _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Where(method => method.Key is "get" or "put" or "post" or "delete" or "patch")
            .Select(method => Read(path.Key, method.Key, method.Value!.AsObject())))];
    }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The schema itself, where a reference stands for it; the alternative that is an object or a value, where null is another.</summary>
    public JsonObject Resolve(JsonNode? schema)
    {
        var found = schema?.AsObject() ?? [];
        while (found["$ref"] is { } reference)
            found = _document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]!.AsObject();
        var choices = found["oneOf"] ?? found["anyOf"];
        return choices?.AsArray().Select(Resolve).FirstOrDefault(c => Types(c).Any(t => t != "null")) ?? found;
    }

    /// <summary>The types of a schema; none means any.</summary>
    public static IReadOnlyList<string> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(t => t!.GetValue<string>())],
        { } one => [one.GetValue<string>()],
        null => [],
    };

    private Operation Read(string path, string method, JsonObject operation)
    {
        var parameters = (operation["parameters"]?.AsArray() ?? []).Select(p => new Parameter(
            p!["name"]!.GetValue<string>(), p["in"]!.GetValue<string>(), p["required"]?.GetValue<bool>() ?? false, Resolve(p["schema"])));
        var body = operation["requestBody"]?["content"]?.AsObject().FirstOrDefault();
        return new(method.ToUpperInvariant(), path, [.. parameters], body?.Key, body is { Key: not null } b ? Resolve(b.Value?["schema"]) : null);
    }
}
