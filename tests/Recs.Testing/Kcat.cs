using System.Diagnostics;

namespace Recs.Testing;

/// <summary>A message as a foreign client sees it.</summary>
/// <param name="Partition">Partition.</param>
/// <param name="Key">Key as text; empty for none.</param>
/// <param name="Headers">Headers as text.</param>
/// <param name="Value">Value as text.</param>
public sealed record SeenMessage(int Partition, string Key, IReadOnlyDictionary<string, string> Headers, string Value);

/// <summary>kcat, a Kafka client by other hands.</summary>
public static class Kcat
{
    private const char Mark = '\u001f';

    /// <summary>Reads a topic from its beginning to its end, partition by partition in order.</summary>
    /// <param name="bootstrap">Brokers.</param>
    /// <param name="topic">Topic.</param>
    /// <exception cref="InvalidOperationException">kcat failed; the message has its words.</exception>
    public static async Task<IReadOnlyList<SeenMessage>> ReadAsync(string bootstrap, string topic)
    {
        var start = new ProcessStartInfo("kcat", ["-C", "-b", bootstrap, "-t", topic, "-o", "beginning", "-e", "-q", "-X", "fetch.wait.max.ms=10", "-f", $"%p{Mark}%k{Mark}%h{Mark}%s\\n"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var kcat = Process.Start(start)!;
        var (output, error) = (kcat.StandardOutput.ReadToEndAsync(), kcat.StandardError.ReadToEndAsync());
        await kcat.WaitForExitAsync();
        if (kcat.ExitCode != 0)
            throw new InvalidOperationException($"kcat ended with {kcat.ExitCode}: {await error}");
        return [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    private static SeenMessage Parse(string line)
    {
        var parts = line.Split(Mark);
        var headers = parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split('=', 2)).ToDictionary(h => h[0], h => h[1]);
        return new(int.Parse(parts[0]), parts[1], headers, parts[3]);
    }
}
