using System.Diagnostics.CodeAnalysis;

namespace Recs.Host.Observing;

/// <summary>One series: a number, or a histogram's buckets and sum. For many threads at once, without a lock.</summary>
/// <param name="labels">As Prometheus writes them, without braces.</param>
/// <param name="bounds">Number of a histogram's bounds; null for a plain number.</param>
internal sealed class MetricSeries(string labels, int? bounds)
{
    private readonly long[] _buckets = bounds is { } count ? new long[count + 1] : [];
    private double _value;

    /// <summary>Labels, without braces.</summary>
    public string Labels => labels;

    /// <summary>The number, or the sum of a histogram's values.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>Values in a bucket, not cumulative; the last is for those above every bound.</summary>
    public long InBucket(int bucket) => Interlocked.Read(ref _buckets[bucket]);

    /// <summary>Replaces the number.</summary>
    public void Set(double value) => Volatile.Write(ref _value, value);

    /// <summary>Adds to the number.</summary>
    public void Add(double value)
    {
        for (var seen = Value; ;)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (before.Equals(seen))
                return;
            seen = before;
        }
    }

    /// <summary>Puts a value into its bucket.</summary>
    public void Record(double value, double[] upperBounds)
    {
        var bucket = 0;
        while (bucket < upperBounds.Length && value > upperBounds[bucket])
            bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Add(value);
    }
}

/// <summary>Compares the tags of a measurement, which lie on the caller's stack, with the tags of a known series.</summary>
internal sealed class TagComparer : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
{
    /// <summary>The only one.</summary>
    public static readonly TagComparer Instance = new();

    public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => x is not null && y is not null && Equals(x.AsSpan(), y);

    public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
    {
        if (alternate.Length != other.Length)
            return false;
        for (var i = 0; i < other.Length; i++)
            if (!string.Equals(alternate[i].Key, other[i].Key, StringComparison.Ordinal) || !Equals(alternate[i].Value, other[i].Value))
                return false;
        return true;
    }

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = alternate.Length;
        foreach (var tag in alternate)
            hash = hash * 31 + (tag.Value?.GetHashCode() ?? 0); // the keys are the same for nearly all measurements of an instrument
        return hash;
    }

    public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();
}
