using System.Text;
using Recs.EventStore;

namespace Recs.Benchmarks.Appending;

/// <summary>Small events over 6,040 streams, some streams far busier than others, in arrival order; the same for the same seed.</summary>
internal sealed class AppendWorkload(int seed, int writer, int writers)
{
    public const int Streams = 6040;
    public const int BatchEvents = 1000;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Random random = new(HashCode.Combine(seed, writer));
    private long n;

    /// <summary>The next events, each with its stream. A stream belongs to one writer, as with a topic that is keyed by user.</summary>
    public (string Stream, NewEvent Event)[] Next(int count = BatchEvents)
    {
        var events = new (string, NewEvent)[count];
        for (var i = 0; i < count; i++)
        {
            var skewed = random.NextDouble();
            var user = ((int)(skewed * skewed * (Streams / writers)) * writers) + writer;
            var body = $$"""{"UserId":"{{user}}","MovieId":"{{random.Next(1, 3953)}}","Rating":{{random.Next(1, 6)}},"At":"{{Start.AddSeconds(n++):O}}"}""";
            events[i] = ("user-" + user, new(Guid.CreateVersion7(), "movie_rated", Encoding.UTF8.GetBytes(body), CorrelationId: "bench"));
        }

        return events;
    }
}
