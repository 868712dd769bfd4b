using System.Diagnostics;
using Npgsql;
using Recs.Benchmarks.Appending;
using Recs.Benchmarks.Serving;
using Recs.Testing;

namespace Recs.Benchmarks.Streaming;

/// <summary>
/// <c>kafka.in</c>: ratings that wait in a topic of eight partitions become events, by a service of role <c>commands</c>. Timed from the first quarter stored to the last
/// event, so that neither the start of the process nor the three seconds of a group's first join count.
/// </summary>
internal static class KafkaInBenchmark
{
    private const int Messages = 240_000, Partitions = 8, People = 6040, Movies = 3952;
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<BenchmarkRow> MeasureAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var database = await server.DatabaseAsync(cancel);
        var baseline = await AppendBenchmarks.ArrivalOrderAsync(database.Source, writers: 4, events: Messages, cancel);
        var home = Directory.CreateTempSubdirectory("recs-bench-home-").FullName;
        try
        {
            using var broker = new MockBroker().WithTopic(RateMessages.Topic, Partitions);
            Fill(broker.Bootstrap, cancel);
            var recs = new RecsProcess(home, database.ConnectionString);
            await using var service = await recs.ServeAsync(["--roles", "commands", "--kafka", broker.Bootstrap], cancel);
            var seconds = await TimeAsync(database.Source, cancel);
            return new("kafka.in", 0.75 * Messages / seconds, "events/s", baseline.Name + " of this run", baseline.Value);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static void Fill(string bootstrap, CancellationToken cancel)
    {
        using var messages = new RateMessages(bootstrap);
        var random = new Random(1);
        for (var i = 0; i < Messages; i++)
        {
            var skewed = random.NextDouble();
            messages.Send(((int)(skewed * skewed * People)).ToString(), random.Next(1, Movies + 1).ToString(), random.Next(1, 6), Start.AddSeconds(i));
        }
        messages.Flush(cancel);
    }

    private static async Task<double> TimeAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var count = new NpgsqlCommand("select count(*) from recs.mt_events where type = 'movie_rated'", connection);
        await using var drawn = new NpgsqlCommand("select last_value from recs.mt_events_sequence", connection); // quick, where counting is not
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        long began = 0;
        for (; ; )
        {
            await pause.WaitForNextTickAsync(patience.Token);
            var stored = (long)(await drawn.ExecuteScalarAsync(patience.Token))!;
            if (began == 0 && stored >= Messages / 4) began = Stopwatch.GetTimestamp();
            if (stored < Messages) continue;
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if ((long)(await count.ExecuteScalarAsync(patience.Token))! == Messages) return seconds;
        }
    }
}
