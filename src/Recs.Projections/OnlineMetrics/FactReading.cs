using System.Text;
using System.Text.Json;
using Recs.Projections.Served;
using Recs.Projections.UserHistory;

namespace Recs.Projections.OnlineMetrics;

/// <summary>Makes facts of event bodies. Not safe for many threads; the pools that it fills are.</summary>
internal sealed class FactReading(IdPool ids, SeriesPool pool)
{
    private readonly Dictionary<string, string> _variants = new(Utf8Comparer.Instance);
    private byte[] _items = new byte[256];

    /// <summary>The slate of a <c>recommendation_served</c>; null if its person's data was blanked.</summary>
    /// <param name="sequence">Position in the log.</param>
    /// <param name="json">Body.</param>
    /// <param name="like">A former slate of the person: equal items are kept once.</param>
    /// <exception cref="FormatException">A field that is counted by is missing.</exception>
    public SlateFact? Slate(long sequence, ReadOnlySpan<byte> json, byte[]? like)
    {
        var body = SlateBody.Read(json, ids);
        if (body.Blank) return null;
        if (body.Channel is null || body.Model is null || body.ModelVersion is null || body.At == default || body.ItemsJson.IsEmpty)
            throw new FormatException("The body of a slate lacks Channel, Model, ModelVersion, Items or At.");
        return new(
            Milliseconds(body.At), sequence, HistoryDigest.Hash(body.RequestId), pool[body.Channel, body.Model, body.ModelVersion, Variant(body.AssignmentsJson)],
            Items(body.ItemsJson, like), Predicted(body.PredictedJson));
    }

    /// <summary>The slate of a <c>recommendation_observed</c>; null if the request failed or its person's data was blanked.</summary>
    /// <param name="sequence">Position in the log.</param>
    /// <param name="json">Body.</param>
    /// <param name="like">A former slate of the person: equal items are kept once.</param>
    /// <exception cref="FormatException">A field that is counted by is missing.</exception>
    public SlateFact? Observed(long sequence, ReadOnlySpan<byte> json, byte[]? like)
    {
        var body = SlateBody.Read(json, ids);
        if (body.Blank || !ObservedSlates.IsSlate(body)) return null;
        if (body.Server is null || body.At == default || body.ItemsJson.IsEmpty) throw new FormatException("The body of an observed slate lacks Server, Items or At.");
        return new(
            Milliseconds(body.At), sequence, HistoryDigest.Hash(body.RequestId), pool[ObservedSlates.Channel, ObservedSlates.Model, body.Server, Series.NoVariant],
            Items(body.ItemsJson, like), null);
    }

    /// <summary>The outcome in a <c>movie_watched</c>, <c>movie_rated</c> or <c>movie_opened</c>; null if its person's data was blanked.</summary>
    public Outcome? Outcome(UserFact fact, long sequence, ReadOnlySpan<byte> json)
    {
        var body = UserEventBody.Read(fact, json, ids);
        if (body.Blank) return null;
        var at = Milliseconds(body.At);
        return fact switch
        {
            UserFact.Watched => new(OutcomeKind.Watched, body.MovieId!, at, sequence, body.Minute, 0),
            UserFact.Rated => new(OutcomeKind.Rated, body.MovieId!, at, sequence, (int)Math.Clamp(Math.Round(body.Rating * 1000), -1e9, 1e9), 0),
            _ => new(OutcomeKind.Opened, body.MovieId!, at, sequence, 0, body.RequestHash),
        };
    }

    private static long Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    private byte[] Items(ReadOnlySpan<byte> json, byte[]? like)
    {
        if (_items.Length < json.Length) _items = new byte[json.Length * 2];
        var length = 0;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (length > 0) _items[length++] = (byte)',';
            length += reader.CopyString(_items.AsSpan(length));
        }
        var items = _items.AsSpan(0, length);
        return like is not null && items.SequenceEqual(like) ? like : items.ToArray();
    }

    private string Variant(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return Series.NoVariant;
        var known = _variants.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (known.TryGetValue(json, out var variant)) return variant;
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(json));
        var parts = document.RootElement.EnumerateArray().Select(a => $"{a.GetProperty("Experiment").GetString()}={a.GetProperty("Variant").GetString()}").ToArray();
        Array.Sort(parts, StringComparer.Ordinal);
        variant = parts.Length == 0 ? Series.NoVariant : string.Join(',', parts);
        _variants.Add(Encoding.UTF8.GetString(json), variant);
        return variant;
    }

    private static float[]? Predicted(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return null;
        var ratings = new List<float>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number) ratings.Add(reader.GetSingle());
        return [.. ratings];
    }
}
