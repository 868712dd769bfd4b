using System.Text.Json.Nodes;

namespace Recs.Testing;

/// <summary>avsc, an implementation of Avro by other hands. In its values a long is a string of digits, and bytes are <c>{"hex": ...}</c>.</summary>
public static class Avsc
{
    private const string Script = "avro.mjs";

    /// <summary>The bytes that it writes for values.</summary>
    /// <exception cref="InvalidOperationException">It refuses one.</exception>
    public static async Task<List<byte[]>> EncodeAsync(IReadOnlyList<(string Schema, JsonNode Value)> values)
        => [.. (await Reader.AskAsync(Script, values.Select(v => new JsonObject { ["schema"] = JsonNode.Parse(v.Schema), ["value"] = v.Value.DeepClone() })))
            .Select(answer => Convert.FromHexString(Good(answer)["bytes"]!.GetValue<string>()))];

    /// <summary>The values that it reads.</summary>
    /// <exception cref="InvalidOperationException">It refuses the bytes of one.</exception>
    public static async Task<List<JsonNode>> DecodeAsync(IReadOnlyList<(string Schema, byte[] Bytes)> values)
        => [.. (await Reader.AskAsync(Script, values.Select(v => new JsonObject { ["schema"] = JsonNode.Parse(v.Schema), ["bytes"] = Convert.ToHexStringLower(v.Bytes) })))
            .Select(answer => Good(answer)["value"]!)];

    private static JsonObject Good(JsonObject answer) => answer["error"] is { } error ? throw new InvalidOperationException($"avsc refuses: {error}") : answer;
}
