using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Recs.Testing;

/// <summary>Programs of <c>tests/readers</c>, by other hands: each is run once for a list of questions, a line of JSON each, and answers line by line.</summary>
internal static class Reader
{
    /// <summary>The answers, in the order of the questions.</summary>
    /// <exception cref="InvalidOperationException">The program failed; with what it said.</exception>
    public static async Task<IReadOnlyList<JsonObject>> AskAsync(string script, IEnumerable<JsonObject> questions)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(TestCluster.Root(), "tests", "readers", script)]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var (answers, complaints) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        try
        {
            foreach (var question in questions)
                await node.StandardInput.WriteLineAsync(question.ToJsonString());
            node.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; what it said is below.
        }
        await node.WaitForExitAsync();
        if (node.ExitCode != 0)
            throw new InvalidOperationException($"{script} ended with {node.ExitCode}: {await complaints}");
        return [.. (await answers).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
