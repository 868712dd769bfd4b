using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Recs.Projections.Ingestion;

/// <summary>How many events of one source and type, over which stretch.</summary>
internal struct Stretch
{
    public long Events;
    public DateTimeOffset? FirstAt;
    public DateTimeOffset? LastAt;
    public long FirstSequence;
    public long LastSequence;

    public void Add(long sequence, DateTimeOffset? at)
    {
        if (Events++ == 0) FirstSequence = sequence;
        LastSequence = sequence;
        if (at is null) return;
        if (FirstAt is null || at < FirstAt) FirstAt = at;
        if (LastAt is null || at > LastAt) LastAt = at;
    }
}

/// <summary>Counts a run of events by source and type.</summary>
internal sealed class IngestionCounts
{
    /// <summary>Source of what was born here.</summary>
    public const string Live = "live";

    private readonly IdPool correlations = new();
    private readonly IdPool types = new();
    private readonly Dictionary<(string Correlation, string Type), Stretch> stretches = [];

    public void Add(long sequence, ReadOnlySpan<byte> type, ReadOnlySpan<byte> correlation, ReadOnlySpan<byte> data)
    {
        // Correlation ids of commands are all different: only those of imports are worth a string.
        var import = correlation.StartsWith("import:"u8) ? correlations[correlation] : "";
        CollectionsMarshal.GetValueRefOrAddDefault(stretches, (import, types[type]), out _).Add(sequence, AtOf(data));
    }

    /// <summary>Stretches by source and type: several imports of one source are one.</summary>
    public Dictionary<(string Source, string Type), Stretch> BySource()
    {
        var merged = new Dictionary<(string Source, string Type), Stretch>();
        foreach (var ((correlation, type), part) in stretches)
        {
            ref var whole = ref CollectionsMarshal.GetValueRefOrAddDefault(merged, (SourceOf(correlation), type), out var exists);
            if (!exists)
            {
                whole = part;
                continue;
            }
            whole.Events += part.Events;
            whole.FirstSequence = Math.Min(whole.FirstSequence, part.FirstSequence);
            whole.LastSequence = Math.Max(whole.LastSequence, part.LastSequence);
            if (part.FirstAt is { } first && !(whole.FirstAt <= first)) whole.FirstAt = first;
            if (part.LastAt is { } last && !(whole.LastAt >= last)) whole.LastAt = last;
        }
        return merged;
    }

    /// <summary>The source in <c>import:{source}:{8 hex}</c>; anything else was born here.</summary>
    public static string SourceOf(string? correlation)
    {
        if (correlation is null || !correlation.StartsWith("import:", StringComparison.Ordinal)) return Live;
        var end = correlation.LastIndexOf(':');
        return end > "import:".Length ? correlation["import:".Length..end] : Live;
    }

    private static DateTimeOffset? AtOf(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals("At"u8);
            reader.Read();
            if (found) return reader.TokenType == JsonTokenType.String ? reader.GetDateTimeOffset().ToUniversalTime() : null;
            reader.Skip();
        }
        return null;
    }

    public void Add(Recs.EventStore.RecordedEvent e)
        => Add(e.Sequence, Encoding.UTF8.GetBytes(e.Type), Encoding.UTF8.GetBytes(e.CorrelationId ?? ""), e.Data.Span);
}
