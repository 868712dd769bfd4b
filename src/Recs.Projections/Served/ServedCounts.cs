using System.Runtime.InteropServices;
using System.Text.Json;

namespace Recs.Projections.Served;

/// <summary>What one model version answered in one channel on one day.</summary>
internal struct SlateCounts
{
    public long Slates;
    public long Personalized;
    public long Items;
    public long LatencyMicroseconds;
    public long SlowestMicroseconds;

    public void Add(in Slate slate)
    {
        Slates++;
        if (slate.Personalized) Personalized++;
        Items += slate.Items;
        LatencyMicroseconds += slate.Microseconds;
        SlowestMicroseconds = Math.Max(SlowestMicroseconds, slate.Microseconds);
    }
}

/// <summary>The few fields of a served slate that are counted, read without building its lists.</summary>
internal ref struct Slate
{
    public string? Channel;
    public string? ModelVersion;
    public string? Reason;
    public DateTimeOffset At;
    public bool Personalized;
    public long Items;
    public long Microseconds;

    public static Slate Read(ReadOnlySpan<byte> json, IdPool names)
    {
        var slate = new Slate();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) slate.ReadProperty(ref reader, names);
        return slate;
    }

    private void ReadProperty(ref Utf8JsonReader reader, IdPool names)
    {
        if (reader.ValueTextEquals("Channel"u8)) Channel = Text(ref reader, names);
        else if (reader.ValueTextEquals("ModelVersion"u8)) ModelVersion = Text(ref reader, names);
        else if (reader.ValueTextEquals("Reason"u8)) Reason = Text(ref reader, names);
        else if (reader.ValueTextEquals("At"u8))
        {
            reader.Read();
            At = reader.GetDateTimeOffset();
        }
        else if (reader.ValueTextEquals("Personalized"u8))
        {
            reader.Read();
            Personalized = reader.GetBoolean();
        }
        else if (reader.ValueTextEquals("LatencyMs"u8))
        {
            reader.Read();
            Microseconds = (long)Math.Round(reader.GetDouble() * 1000);
        }
        else if (reader.ValueTextEquals("Items"u8))
        {
            reader.Read();
            for (reader.Read(); reader.TokenType != JsonTokenType.EndArray; reader.Read()) Items++;
        }
        else reader.Skip();
    }

    private static string Text(ref Utf8JsonReader reader, IdPool names)
    {
        reader.Read();
        return reader.ValueIsEscaped ? reader.GetString()! : names[reader.ValueSpan];
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
        var slate = Slate.Read(data, names);
        var day = DateOnly.FromDateTime(slate.At.UtcDateTime);
        if (failed) CollectionsMarshal.GetValueRefOrAddDefault(Failures, (day, slate.Reason ?? ""), out _)++;
        else CollectionsMarshal.GetValueRefOrAddDefault(Slates, (day, slate.Channel ?? "", slate.ModelVersion ?? ""), out _).Add(slate);
    }
}
