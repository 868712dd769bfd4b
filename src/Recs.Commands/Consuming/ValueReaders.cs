namespace Recs.Commands.Consuming;

/// <summary>Which topic is read how.</summary>
internal sealed class ValueReaders(ConsumingOptions options)
{
    private readonly Dictionary<string, IValueReader> _byTopic = new(StringComparer.Ordinal)
    {
        [options.Topics.Watch] = new FactValues(ratings: false),
        [options.Topics.Rate] = new FactValues(ratings: true),
        [options.MovielogTopic] = new MovielogValues(),
    };

    /// <summary>What reads a consumed topic.</summary>
    public IValueReader Of(string topic) => _byTopic[topic];
}
