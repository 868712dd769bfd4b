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

/// <summary>How a request ended, by the type of its event.</summary>
internal enum Answer
{
    Served,
    Observed,
    Failed,
}

/// <summary>Counts a run of slates and failures.</summary>
internal sealed class ServedCounts
{
    private const string OwnChannel = "live"; // our own failures are not told apart further
    private readonly IdPool names = new();

    public Dictionary<(DateOnly Day, string Channel, string ModelVersion), SlateCounts> Slates { get; } = [];
    public Dictionary<(DateOnly Day, string Channel, string Reason), long> Failures { get; } = [];

    public void Add(Answer answer, ReadOnlySpan<byte> data)
    {
        var slate = SlateBody.Read(data, names);
        var day = DateOnly.FromDateTime(slate.At.UtcDateTime);
        switch (answer)
        {
            case Answer.Failed: Fail(day, OwnChannel, slate.Reason ?? ""); break;
            case Answer.Observed when !ObservedSlates.IsSlate(slate): Fail(day, ObservedSlates.Channel, $"status {slate.Status}"); break;
            case Answer.Observed: Count(day, ObservedSlates.Channel, slate.Server ?? "", slate); break;
            default: Count(day, slate.Channel ?? "", slate.ModelVersion ?? "", slate); break;
        }
    }

    private void Fail(DateOnly day, string channel, string reason) => CollectionsMarshal.GetValueRefOrAddDefault(Failures, (day, channel, reason), out _)++;

    private void Count(DateOnly day, string channel, string version, in SlateBody slate)
        => CollectionsMarshal.GetValueRefOrAddDefault(Slates, (day, channel, version), out _).Add(slate);
}
