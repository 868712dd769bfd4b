namespace Recs.Host.Securing.Limits;

/// <summary>Addresses that went on asking after they were refused, and how long they are blocked.</summary>
/// <param name="limits">How many refusals within a minute are too many, and how long a block lasts.</param>
internal sealed class RepeatOffenders(RateLimits limits)
{
    private const double Minute = 60;
    private readonly Dictionary<UInt128, Record> records = [];
    private readonly Lock gate = new();
    private double sweptAt = double.NegativeInfinity;

    /// <summary>Refusals since <paramref name="Since"/>, and when the block ends.</summary>
    private readonly record struct Record(double Since, int Refusals, double BlockedUntil);

    /// <summary>Seconds that the address is still blocked for; 0 if it is not.</summary>
    public double BlockedFor(UInt128 address, double now)
    {
        if (limits.BlockAfter == 0)
            return 0;
        lock (gate)
            return records.TryGetValue(address, out var record) ? Math.Max(0, record.BlockedUntil - now) : 0;
    }

    /// <summary>Counts a refusal.</summary>
    /// <returns>True if the address is blocked from now on.</returns>
    public bool Count(UInt128 address, double now)
    {
        if (limits.BlockAfter == 0)
            return false;
        lock (gate)
        {
            if (!records.TryGetValue(address, out var record) && !HasRoom(now))
                return false; // nobody is blocked for want of memory; the limit itself still holds
            record = now - record.Since < Minute && record.Refusals > 0 ? record with { Refusals = record.Refusals + 1 } : new(now, 1, 0);
            var blocks = record.Refusals >= limits.BlockAfter;
            records[address] = blocks ? new(now, 0, now + limits.BlockFor.TotalSeconds) : record;
            return blocks;
        }
    }

    private bool HasRoom(double now)
    {
        if (records.Count < limits.Remembered)
            return true;
        if (now - sweptAt < 1)
            return false;
        sweptAt = now;
        foreach (var old in records.Where(r => r.Value.BlockedUntil <= now && now - r.Value.Since >= Minute).Select(r => r.Key).ToList())
            records.Remove(old);
        return records.Count < limits.Remembered;
    }
}
