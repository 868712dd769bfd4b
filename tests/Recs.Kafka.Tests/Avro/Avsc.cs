using System.Diagnostics;
using System.Text.Json.Nodes;
using Recs.Testing;
using Shouldly;

namespace Recs.Kafka.Tests.Avro;

/// <summary>avsc, an implementation of Avro by other hands, run once for a list of questions (<c>tests/readers/avro.mjs</c>).</summary>
internal static class Avsc
{
    /// <summary>The bytes that it writes for values; a long is a string of digits there.</summary>
    public static async Task<List<byte[]>> EncodeAsync(IReadOnlyList<(string Schema, JsonNode Value)> values)
        => [.. (await AskAsync(values.Select(v => new JsonObject { ["schema"] = JsonNode.Parse(v.Schema), ["value"] = v.Value.DeepClone() })))
            .Select(answer => Convert.FromHexString(Good(answer)["bytes"]!.GetValue<string>()))];

    /// <summary>The values that it reads.</summary>
    public static async Task<List<JsonNode>> DecodeAsync(IReadOnlyList<(string Schema, byte[] Bytes)> values)
        => [.. (await AskAsync(values.Select(v => new JsonObject { ["schema"] = JsonNode.Parse(v.Schema), ["bytes"] = Convert.ToHexStringLower(v.Bytes) })))
            .Select(answer => Good(answer)["value"]!)];

    private static JsonObject Good(JsonObject answer) => answer["error"] is { } error ? throw new InvalidOperationException($"avsc refuses: {error}") : answer;

    private static async Task<List<JsonObject>> AskAsync(IEnumerable<JsonObject> questions)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(TestCluster.Root(), "tests", "readers", "avro.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var (answers, complaints) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        foreach (var question in questions)
            await node.StandardInput.WriteLineAsync(question.ToJsonString());
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.ExitCode.ShouldBe(0, await complaints);
        return [.. (await answers).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
