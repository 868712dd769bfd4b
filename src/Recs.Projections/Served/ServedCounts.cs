using System.Runtime.InteropServices;

namespace Recs.Projections.Served;

/// <summary>What one model version answered in one channel on one day.</summary>
internal struct SlateCounts
{
    public long Slates;
    public long Personalized;
    public long Items;
    public long LatencyMicroseconds;
    public long SlowestMicroseconds;

    public void Add(in SlateBody slate)
    {
        Slates++;
        if (slate.Personalized) Personalized++;
        Items += slate.Items;
        LatencyMicroseconds += slate.Microseconds;
        SlowestMicroseconds = Math.Max(SlowestMicroseconds, slate.Microseconds);
    }
}

/// <summary>Counts a run of slates and failures.</summary>
internal sealed class ServedCounts
{
    private readonly IdPool names = new();

    public Dictionary<(DateOnly Day, string Channel, string ModelVersion), SlateCounts> Slates { get; } = [];
    public Dictionary<(DateOnly Day, string Reason), long> Failures { get; } = [];

    public void Add(bool failed, ReadOnlySpan<byte> data)
    {
        var slate = SlateBody.Read(data, names);
        var day = DateOnly.FromDateTime(slate.At.UtcDateTime);
        if (failed) CollectionsMarshal.GetValueRefOrAddDefault(Failures, (day, slate.Reason ?? ""), out _)++;
        else CollectionsMarshal.GetValueRefOrAddDefault(Slates, (day, slate.Channel ?? "", slate.ModelVersion ?? ""), out _).Add(slate);
    }
}
