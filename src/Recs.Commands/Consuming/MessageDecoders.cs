namespace Recs.Commands.Consuming;

/// <summary>Which topic is read how.</summary>
internal sealed class MessageDecoders(ConsumingOptions options)
{
    private readonly Dictionary<string, IMessageDecoder> _byTopic = new(StringComparer.Ordinal)
    {
        [options.Topics.Watch] = new JsonFacts(ratings: false),
        [options.Topics.Rate] = new JsonFacts(ratings: true),
    };

    /// <summary>What reads a consumed topic.</summary>
    public IMessageDecoder Of(string topic) => _byTopic[topic];
}
