namespace Recs.Host.Securing.Limits;

/// <summary>
/// A token bucket: it holds at most a minute's worth of requests, fills evenly, and each request takes one. The framework's own reads the machine's clock and
/// keeps any number of partitions; this one is a value, folded over the times that it is given.
/// </summary>
/// <param name="Used">Requests that are not yet filled up again; 0 for a full bucket.</param>
/// <param name="At">Moment of that state, in seconds.</param>
internal readonly record struct TokenBucket(double Used, double At)
{
    /// <summary>Takes one request if there is one.</summary>
    /// <param name="perMinute">Size of the bucket, filled in a minute; more than 0.</param>
    /// <param name="now">Seconds on a clock that does not go back.</param>
    /// <param name="wait">Seconds until there is one; 0 if it was taken.</param>
    /// <returns>The bucket afterwards.</returns>
    public TokenBucket Take(int perMinute, double now, out double wait)
    {
        var used = UsedAt(perMinute, now);
        wait = Math.Max(0, (used + 1 - perMinute) * 60 / perMinute);
        return new(wait > 0 ? used : used + 1, now);
    }

    /// <summary>Whether it is as good as a new one.</summary>
    public bool IsFull(int perMinute, double now) => UsedAt(perMinute, now) <= 0;

    private double UsedAt(int perMinute, double now) => Math.Max(0, Used - ((now - At) * perMinute / 60));
}
