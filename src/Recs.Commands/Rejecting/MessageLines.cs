using System.Text;
using Recs.Commands.Consuming;

namespace Recs.Commands.Rejecting;

/// <summary>Rejected messages of topics, read by the very readers of the topics. A value that came framed as Avro is kept as text that cannot be read again; it can be corrected as JSON.</summary>
/// <param name="clock">No message tells of what is more than a day after its present.</param>
internal sealed class MessageLines(TimeProvider clock) : IRejectedLineReader
{
    /// <summary>What stands for a format where messages are kept.</summary>
    public const string Format = "kafka";

    private static readonly IValueReader Watches = new FactValues(ratings: false), Ratings = new FactValues(ratings: true), Movielogs = new MovielogValues();

    /// <inheritdoc/>
    public bool Reads(string format) => format == Format;

    /// <inheritdoc/>
    public IEnumerable<ReadAgain> Read(IReadOnlyList<RejectedLine> lines, Func<string, bool> isKnownMovie) => lines.Select(Read);

    private ReadAgain Read(RejectedLine line)
    {
        var origin = new MessageOrigin(line.CorrelationId, line.CausationId);
        return ReaderOf(line.Topic).TryRead(line.BytesIn(Encoding.UTF8), clock.GetUtcNow(), origin, out var fact, out var refusal)
            ? new(line, new LineFact.OfEvent(fact.StreamId, fact.Event, DateTimeOffset.UnixEpoch, fact.MovieIds)) // messages stay in the order in which they came
            : new(line, null, refusal.Reason, refusal.Detail);
    }

    /// <summary>The topics of one prefix end so; a movielog may come by any name.</summary>
    private static IValueReader ReaderOf(string topic)
        => topic.EndsWith(".watch", StringComparison.Ordinal) ? Watches : topic.EndsWith(".rate", StringComparison.Ordinal) ? Ratings : Movielogs;
}
