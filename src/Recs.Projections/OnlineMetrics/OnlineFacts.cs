using System.Collections.Concurrent;

namespace Recs.Projections.OnlineMetrics;

/// <summary>What a person did. The numbers are part of the packed hours: never renumber.</summary>
internal enum OutcomeKind : byte
{
    Watched = 1,
    Rated = 2,
    Opened = 3,
}

/// <summary>Something that a person did with a movie.</summary>
/// <param name="Kind">What.</param>
/// <param name="MovieId">With which movie.</param>
/// <param name="At">When, milliseconds since 1970, rounded down.</param>
/// <param name="Sequence">Position in the log.</param>
/// <param name="Value">Minute watched; thousandths of a star; 0 for an opening.</param>
/// <param name="Request">Hash of the request id that an opening named; 0 for none.</param>
internal readonly record struct Outcome(OutcomeKind Kind, string MovieId, long At, long Sequence, int Value, ulong Request);

/// <summary>What slates are counted by, besides the hour. There is one instance per combination, so that a reference tells them apart.</summary>
internal sealed class Series(string channel, string model, string modelVersion, string variant)
{
    /// <summary>Variant of a slate that was in no experiment.</summary>
    public const string NoVariant = "none";

    public string Channel { get; } = channel;
    public string Model { get; } = model;
    public string ModelVersion { get; } = modelVersion;
    /// <summary><c>experiment=variant</c> in ordinal order, joined by commas; or <see cref="NoVariant"/>.</summary>
    public string Variant { get; } = variant;
}

/// <summary>One instance per series. Safe for many threads.</summary>
internal sealed class SeriesPool
{
    private readonly ConcurrentDictionary<(string, string, string, string), Series> _series = new();

    public Series this[string channel, string model, string modelVersion, string variant]
        => _series.GetOrAdd((channel, model, modelVersion, variant), static k => new(k.Item1, k.Item2, k.Item3, k.Item4));
}

/// <summary>A slate as far as it is counted.</summary>
/// <param name="At">When it was served, milliseconds since 1970, rounded down.</param>
/// <param name="Sequence">Position in the log.</param>
/// <param name="Request">Hash of its request id.</param>
/// <param name="Series">What it is counted by.</param>
/// <param name="Items">UTF-8 movie ids, best first, joined by commas (no id holds one).</param>
/// <param name="Predicted">Predicted rating per item, if the model predicts ratings.</param>
internal readonly record struct SlateFact(long At, long Sequence, ulong Request, Series Series, byte[] Items, float[]? Predicted)
{
    /// <summary>Number of items.</summary>
    public int Count => Items.Length == 0 ? 0 : Items.AsSpan().Count((byte)',') + 1;

    /// <summary>First place (from 0) of a movie among the items, or -1.</summary>
    public int PlaceOf(ReadOnlySpan<byte> movie)
    {
        if (movie.IsEmpty) return -1;
        ReadOnlySpan<byte> items = Items;
        for (var from = 0; ; from++)
        {
            var found = items[from..].IndexOf(movie);
            if (found < 0) return -1;
            from += found;
            var end = from + movie.Length;
            if ((from == 0 || items[from - 1] == ',') && (end == items.Length || items[end] == ',')) return items[..from].Count((byte)',');
        }
    }
}

/// <summary>Hours of 3,600,000 ms since 1970.</summary>
internal static class Hours
{
    private const long Length = 3_600_000;

    public static long Of(long at) => at >= 0 ? at / Length : -((Length - 1 - at) / Length);

    public static long Start(long hour) => hour * Length;

    public static DateTime ToTime(long hour) => DateTime.UnixEpoch.AddMilliseconds(Start(hour));
}
