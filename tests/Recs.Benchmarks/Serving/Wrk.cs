using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Recs.Benchmarks.Serving;

/// <summary>What a run of wrk measured.</summary>
internal sealed record WrkResult(double RequestsPerSecond, double P50Ms, double P99Ms, long Errors);

/// <summary>The load generator, a process of its own.</summary>
internal static partial class Wrk
{
    /// <summary>Loads an address for a while over kept connections, one thread.</summary>
    /// <param name="url">Address; with a script, the script chooses the path.</param>
    /// <param name="token">Bearer token that each request carries.</param>
    /// <param name="script">Lua script that makes requests, or null.</param>
    /// <param name="connections">Connections.</param>
    /// <param name="length">How long.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<WrkResult> RunAsync(string url, string token, string? script, int connections, TimeSpan length, CancellationToken cancel)
    {
        List<string> arguments = ["-t1", $"-c{connections}", $"-d{Math.Max(1, (int)length.TotalSeconds)}s", "--latency", "-H", $"Authorization: Bearer {token}"];
        if (script is not null)
            arguments.AddRange(["-s", script]);
        arguments.Add(url);
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("wrk could not be started.");
        var text = await wrk.StandardOutput.ReadToEndAsync(cancel);
        await wrk.WaitForExitAsync(cancel);
        if (Rate().Match(text) is not { Success: true } rate)
            throw new InvalidOperationException($"wrk said: {text}");
        return new(Number(rate), Milliseconds(Quantile("50%").Match(text)), Milliseconds(Quantile("99%").Match(text)), Errors(text));
    }

    private static double Number(Match match) => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);

    private static double Milliseconds(Match match) => Number(match) * match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };

    private static long Errors(string text)
        => NotOk().Match(text) is { Success: true } bad ? (long)Number(bad) : SocketErrors().Match(text) is { Success: true } broken ? broken.Groups.Values.Skip(1).Sum(g => long.Parse(g.Value)) : 0;

    private static Regex Quantile(string which) => new($@"{Regex.Escape(which)}\s+([\d.]+)(us|ms|s)");

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex NotOk();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex SocketErrors();
}
