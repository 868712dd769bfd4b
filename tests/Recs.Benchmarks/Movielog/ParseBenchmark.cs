using System.Diagnostics;
using Recs.Commands.Importing.Movielog;
using Recs.Testing.Movielog;

namespace Recs.Benchmarks.Movielog;

/// <summary>
/// <c>parse.movielog</c>: lines of a log in memory, 5 % of them damaged, told apart and read into their fields by two threads. The baseline finds the ends of the
/// same lines and looks at nothing else.
/// </summary>
internal static class ParseBenchmark
{
    private const string Split = "the same lines found by a search for their ends (memchr), nothing read, two threads";
    private const int Bytes = 64_000_000;
    private const int Threads = 2;
    private const int Rounds = 5;

    private delegate int Work(ReadOnlySpan<byte> line);

    /// <summary>Measures; the better round of each counts.</summary>
    public static Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel)
    {
        var text = new MovielogGenerator(seed: 1, damageRate: 0.05).Write(Bytes, out var log);
        var (parse, split) = (0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            split = Math.Max(split, LinesPerSecond(text, log.Lines, static _ => 0, expected: 0));
            parse = Math.Max(parse, LinesPerSecond(text, log.Lines, static line => MovielogLine.Read(line, out _) == MovielogFault.None ? 0 : 1, log.Damaged.Count));
        }
        return Task.FromResult<IReadOnlyList<BenchmarkRow>>([new("parse.movielog", parse, "lines/s", Split, split)]);
    }

    private static double LinesPerSecond(byte[] text, long lines, Work work, int expected)
    {
        var middle = Array.IndexOf(text, (byte)'\n', text.Length / Threads) + 1;
        var start = Stopwatch.GetTimestamp();
        var (found, faults) = (0L, 0L);
        Parallel.ForEach(new[] { ..middle, middle.. }, new ParallelOptions { MaxDegreeOfParallelism = Threads }, (Range part) =>
        {
            var (ownFound, ownFaults) = (0L, 0L);
            for (var rest = text.AsSpan(part); !rest.IsEmpty; ownFound++)
            {
                var end = rest.IndexOf((byte)'\n');
                ownFaults += work(rest[..end]);
                rest = rest[(end + 1)..];
            }
            Interlocked.Add(ref found, ownFound);
            Interlocked.Add(ref faults, ownFaults);
        });
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (found != lines || faults != expected) throw new InvalidOperationException($"Found {found} lines with {faults} faults, expected {lines} with {expected}.");
        return lines / seconds;
    }
}
