using Recs.Commands.Importing;
using Recs.Commands.Importing.Movielog;
using Recs.Projections.OnlineMetrics;

namespace Recs.Host.OnlineReporting;

/// <summary>Watch-through of a movielog file alone: one pass, in the memory of the open windows.</summary>
internal static class MovielogWatchThrough
{
    private const int Ok = 200;
    private const int LinesPerReport = 1 << 16;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="window">How long after a slate a watch counts.</param>
    /// <param name="clock">Tells when the report was made.</param>
    /// <param name="progress">Told the bytes read and the bytes there are.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="ImportInputException">The file cannot be read, or not one of its lines.</exception>
    public static WatchThroughReport Read(string path, TimeSpan window, TimeProvider clock, IProgress<(long Done, long Total)>? progress, CancellationToken cancel)
    {
        using var file = new MovielogFile(path);
        var join = new WatchThrough(window);
        long lines = 0, rejected = 0, failed = 0;
        while (file.TryRead(out var text))
        {
            if (++lines % LinesPerReport == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Report((file.Position, file.Length));
            }

            switch (MovielogLine.Read(text, out var line))
            {
                case MovielogFault.None when line is { Form: MovielogForm.Recommendation, Value: not Ok }:
                    failed++;
                    join.Passed(line.At);
                    break;
                case MovielogFault.None:
                    Add(join, line);
                    break;
                case MovielogFault.FailedRequest:
                    failed++;
                    break;
                default:
                    rejected++;
                    break;
            }
        }

        if (lines == rejected)
            throw new ImportInputException(
                $"{path}: {(lines == 0 ? "holds no line" : $"not one of its {lines:N0} lines could be read")}. Expected a movielog, with lines such as "
                + "'2023-10-25T07:20:57,135941,GET /data/m/interstellar+2014/134.mpg' and '2023-10-25T07:20:57.389,226993,recommendation request host:8082, status 200, result: a+1999, b+2001, 351 ms'.");
        return WatchThroughReport.Of(path, lines, window, join.Counts, clock.GetUtcNow(), "imported") with
        {
            Lines = new() { Rejected = rejected, FailedRequests = failed, RepeatedRecommendations = join.Repeated, Late = join.Late },
        };
    }

    private static void Add(WatchThrough join, in MovielogLine line)
    {
        switch (line.Form)
        {
            case MovielogForm.Watch:
                join.Watched(line.UserId, line.MovieId, line.At);
                break;
            case MovielogForm.Recommendation:
                var id = FactId.Observed(line.UserId, line.Server, line.Value, line.Items.Text, line.LatencyMs, line.Ticks); // the id that an import gives it
                join.Served(line.UserId, line.At, id, Joined(line.Items));
                break;
            default:
                join.Passed(line.At);
                break;
        }
    }

    /// <summary>The items joined by commas alone.</summary>
    private static byte[] Joined(MovielogItems items)
    {
        var joined = new byte[items.Text.Length];
        var length = 0;
        foreach (var item in items)
        {
            if (length > 0)
                joined[length++] = (byte)',';
            item.CopyTo(joined.AsSpan(length));
            length += item.Length;
        }

        return joined[..length];
    }
}
