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

    /// <summary>The values of a topic, byte by byte, partition by partition in order.</summary>
    /// <exception cref="InvalidOperationException">kcat failed; the message has its words.</exception>
    public static async Task<IReadOnlyList<byte[]>> ReadBytesAsync(string bootstrap, string topic)
    {
        using var output = new MemoryStream();
        await RunAsync(["-C", "-b", bootstrap, "-t", topic, "-o", "beginning", "-e", "-q", "-X", "fetch.wait.max.ms=10", "-f", "%S\\n%s"], output);
        List<byte[]> values = [];
        for (var rest = output.ToArray().AsSpan(); rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)'\n');
            var length = int.Parse(rest[..end]);
            values.Add(rest.Slice(end + 1, length).ToArray());
            rest = rest[(end + 1 + length)..];
        }
        return values;
    }

    /// <summary>Sends one message.</summary>
    /// <exception cref="InvalidOperationException">kcat failed; the message has its words.</exception>
    public static async Task SendAsync(string bootstrap, string topic, string key, byte[] value)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, value);
            await RunAsync(["-P", "-b", bootstrap, "-t", topic, "-k", key, file], Stream.Null);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task RunAsync(string[] arguments, Stream output)
    {
        using var kcat = Process.Start(new ProcessStartInfo("kcat", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        kcat.StandardInput.Close();
        var (copied, error) = (kcat.StandardOutput.BaseStream.CopyToAsync(output), kcat.StandardError.ReadToEndAsync());
        await kcat.WaitForExitAsync();
        await copied;
        if (kcat.ExitCode != 0)
            throw new InvalidOperationException($"kcat ended with {kcat.ExitCode}: {await error}");
    }

    private static SeenMessage Parse(string line)
    {
        var parts = line.Split(Mark);
        var headers = parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Split('=', 2)).ToDictionary(h => h[0], h => h[1]);
        return new(int.Parse(parts[0]), parts[1], headers, parts[3]);
    }
}
