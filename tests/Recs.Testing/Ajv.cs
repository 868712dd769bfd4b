using System.Text.Json.Nodes;

namespace Recs.Testing;

/// <summary>ajv, a JSON Schema validator by other hands.</summary>
public static class Ajv
{
    /// <summary>What is wrong with each value; null for a valid one.</summary>
    /// <param name="values">Schemas and values.</param>
    /// <param name="closed">Whether a field that the schema does not describe is wrong.</param>
    public static async Task<IReadOnlyList<string?>> FaultsAsync(IReadOnlyList<(string Schema, JsonNode? Value)> values, bool closed = false)
        => [.. (await Reader.AskAsync("json-schema.mjs", values.Select(v => new JsonObject { ["schema"] = JsonNode.Parse(v.Schema), ["value"] = v.Value?.DeepClone(), ["closed"] = closed })))
            .Select(answer => answer["why"]?.GetValue<string>())];
}
