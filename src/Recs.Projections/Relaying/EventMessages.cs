using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Recs.Contracts;
using Recs.Contracts.Topics;
using Recs.EventStore;
using Recs.Kafka.Messages;

namespace Recs.Projections.Relaying;

/// <summary>
/// Which event says what on which topic: a table from alias to messages. Pure, but for the encoder. An erasure (<c>user_erased</c>) says nothing yet: what was
/// told of the person before goes with the topics' retention; the person's own blanked events are passed over.
/// </summary>
public sealed class EventMessages
{
    /// <summary>A channel that nobody was served on: its slates were computed beside the real ones.</summary>
    private const string Shadow = "shadow";
    private const string Exposed = "exposed";
    private const int Ok = 200;
    /// <summary>A request without a slate is answered as unavailable.</summary>
    private const int Failed = 503;

    private readonly TopicNames _topics;
    private readonly IMessageEncoder _encoder;
    private readonly FrozenDictionary<string, Action<RecordedEvent, List<OutgoingMessage>>> _table;

    /// <summary>The table for topics below a prefix.</summary>
    /// <param name="topics">Names of the topics.</param>
    /// <param name="encoder">Writes the values; ready already when events come.</param>
    public EventMessages(TopicNames topics, IMessageEncoder encoder)
    {
        (_topics, _encoder) = (topics, encoder);
        _table = new Dictionary<string, Action<RecordedEvent, List<OutgoingMessage>>>
        {
            [EventAliases.RecommendationServed] = OfServed,
            [EventAliases.RecommendationFailed] = OfFailed,
            [EventAliases.MovieRated] = OfRated,
            [EventAliases.MovieWatched] = OfWatched,
            [EventAliases.MovieOpened] = OfOpened,
            [EventAliases.ModelEvaluated] = OfEvaluated,
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Aliases of the events that say anything.</summary>
    public IReadOnlyCollection<string> Types => _table.Keys;

    /// <summary>Topics that anything goes to.</summary>
    public IReadOnlyCollection<string> Topics => [_topics.RecoRequests, _topics.RecoResponses, _topics.UserInteractions, _topics.ModelMetrics, _topics.AbTestEvents];

    /// <summary>Adds what an event says to a list, in the order in which it is to be sent.</summary>
    /// <exception cref="InvalidDataException">The body is not what its alias promises.</exception>
    internal void Add(RecordedEvent e, List<OutgoingMessage> messages)
    {
        if (!_table.TryGetValue(e.Type, out var add) || e.Data.Span.SequenceEqual("{}"u8)) // blanked: the person was erased
            return;
        try
        {
            add(e, messages);
        }
        catch (Exception cause) when (cause is JsonException or FormatException)
        {
            throw new InvalidDataException($"its body cannot be read: {cause.Message}", cause);
        }
    }

    private void OfServed(RecordedEvent e, List<OutgoingMessage> messages)
    {
        var slate = Read(e, EventJson.Default.RecommendationServed);
        if (slate.Channel == Shadow)
            return;
        var (key, time) = (Key(slate.UserId, nameof(slate.UserId)), slate.At.ToUnixTimeMilliseconds());
        messages.Add(new(_topics.RecoRequests, key, _encoder.Encode(new RecoRequestMessage(time, slate.UserId, slate.RequestId, slate.K, slate.Model)), null, slate.Channel));
        messages.Add(new(_topics.RecoResponses, key, _encoder.Encode(new RecoResponseMessage(
            time, slate.UserId, slate.RequestId, Ok, slate.LatencyMs, slate.Items ?? throw new FormatException("it lacks Items."), slate.ModelVersion, slate.Personalized)), null, slate.Channel));
        for (var i = 0; i < (slate.Assignments?.Count ?? 0); i++)
        {
            var (experiment, variant) = slate.Assignments![i];
            messages.Add(new(_topics.AbTestEvents, key, _encoder.Encode(new AbTestMessage(time, experiment, Exposed, variant, slate.UserId, slate.RequestId)), i, slate.Channel));
        }
    }

    private void OfFailed(RecordedEvent e, List<OutgoingMessage> messages)
    {
        var failed = Read(e, EventJson.Default.RecommendationFailed);
        var (key, time) = (Key(failed.UserId, nameof(failed.UserId)), failed.At.ToUnixTimeMilliseconds());
        messages.Add(new(_topics.RecoRequests, key, _encoder.Encode(new RecoRequestMessage(time, failed.UserId, failed.RequestId, null, null))));
        messages.Add(new(_topics.RecoResponses, key, _encoder.Encode(new RecoResponseMessage(time, failed.UserId, failed.RequestId, Failed, null, [], null, false))));
    }

    private void OfRated(RecordedEvent e, List<OutgoingMessage> messages)
    {
        var rated = Read(e, EventJson.Default.MovieRated);
        Add(messages, new(rated.At.ToUnixTimeMilliseconds(), rated.UserId, rated.MovieId, InteractionKinds.Rate, null, rated.Rating, e.Sequence));
    }

    private void OfWatched(RecordedEvent e, List<OutgoingMessage> messages)
    {
        var watched = Read(e, EventJson.Default.MovieWatched);
        Add(messages, new(watched.At.ToUnixTimeMilliseconds(), watched.UserId, watched.MovieId, InteractionKinds.Watch, watched.Minute, null, e.Sequence));
    }

    private void OfOpened(RecordedEvent e, List<OutgoingMessage> messages)
    {
        var opened = Read(e, EventJson.Default.MovieOpened);
        Add(messages, new(opened.At.ToUnixTimeMilliseconds(), opened.UserId, opened.MovieId, InteractionKinds.Open, null, null, e.Sequence));
    }

    private void Add(List<OutgoingMessage> messages, UserInteractionMessage message)
    {
        if (message.MovieId is null)
            throw new FormatException("it lacks MovieId.");
        messages.Add(new(_topics.UserInteractions, Key(message.UserId, nameof(message.UserId)), _encoder.Encode(message)));
    }

    private void OfEvaluated(RecordedEvent e, List<OutgoingMessage> messages)
    {
        var evaluated = Read(e, EventJson.Default.ModelEvaluated);
        var (key, time) = (Key(evaluated.Model, nameof(evaluated.Model)), evaluated.At.ToUnixTimeMilliseconds());
        var part = 0;
        foreach (var (name, value) in evaluated.Metrics ?? throw new FormatException("it lacks Metrics."))
        {
            var (metric, k) = Split(name);
            messages.Add(new(_topics.ModelMetrics, key, _encoder.Encode(new ModelMetricMessage(time, evaluated.Model, evaluated.Version, evaluated.Protocol, metric, k, value)), part++));
        }
    }

    /// <summary><c>hr@10</c> is the metric <c>hr</c> with lists of 10; a name without a number is a metric without lists.</summary>
    private static (string Metric, int? K) Split(string name)
        => name.LastIndexOf('@') is > 0 and var at && int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var k) ? (name[..at], k) : (name, null);

    private static T Read<T>(RecordedEvent e, JsonTypeInfo<T> json) where T : class
        => JsonSerializer.Deserialize(e.Data.Span, json) ?? throw new FormatException("it is null.");

    private static byte[] Key(string? id, string field) => Encoding.UTF8.GetBytes(id ?? throw new FormatException($"it lacks {field}."));
}
