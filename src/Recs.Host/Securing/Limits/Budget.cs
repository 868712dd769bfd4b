namespace Recs.Host.Securing.Limits;

/// <summary>A token bucket for each caller of one kind, in bounded memory.</summary>
/// <typeparam name="TKey">What tells callers apart.</typeparam>
/// <param name="perMinute">Requests a minute; 0 for any number.</param>
/// <param name="remembered">Callers with a bucket of their own; all beyond share one.</param>
internal sealed class Budget<TKey>(int perMinute, int remembered) where TKey : notnull
{
    private readonly Dictionary<TKey, TokenBucket> buckets = [];
    private readonly Lock gate = new();
    private TokenBucket crowd;
    private double sweptAt = double.NegativeInfinity;

    /// <summary>Takes one request.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="now">Seconds on a clock that does not go back.</param>
    /// <returns>Seconds to wait before another try; 0 if the request may go on.</returns>
    public double Take(TKey caller, double now)
    {
        if (perMinute == 0)
            return 0;
        lock (gate)
        {
            double wait;
            if (buckets.TryGetValue(caller, out var bucket) || HasRoom(now))
                buckets[caller] = bucket.Take(perMinute, now, out wait);
            else
                crowd = crowd.Take(perMinute, now, out wait);
            return wait;
        }
    }

    /// <summary>Callers that have a bucket now.</summary>
    internal int Count
    {
        get
        {
            lock (gate) return buckets.Count;
        }
    }

    /// <summary>Forgets full buckets when there are too many; at most once a second, as it looks at all.</summary>
    private bool HasRoom(double now)
    {
        if (buckets.Count < remembered)
            return true;
        if (now - sweptAt < 1)
            return false;
        sweptAt = now;
        foreach (var full in buckets.Where(b => b.Value.IsFull(perMinute, now)).Select(b => b.Key).ToList())
            buckets.Remove(full);
        return buckets.Count < remembered;
    }
}
