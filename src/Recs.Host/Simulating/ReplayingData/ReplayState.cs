using System.Text.Json;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>How far a replay is, and what came of it so far.</summary>
internal sealed record ReplayState
{
    /// <summary>The run (<see cref="ReplayPlan.Id"/>).</summary>
    public required string Id { get; init; }

    /// <summary>Batches that were answered.</summary>
    public int Sent { get; set; }

    /// <summary>Batches before which people asked, or were about to: a killed run asks no one twice.</summary>
    public int Asked { get; set; }

    /// <summary>Facts that are in the log.</summary>
    public long Stored { get; set; }

    /// <summary>Facts that the service refused, by reason.</summary>
    public SortedDictionary<string, long> Refused { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Slates that people got.</summary>
    public long Slates { get; set; }

    /// <summary>Slates that the service refused, by reason.</summary>
    public SortedDictionary<string, long> Unserved { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Reads it; a new one if there is no file.</summary>
    /// <exception cref="UsageException">It is no state, or of another run.</exception>
    public static ReplayState Read(string? file, ReplayPlan plan)
    {
        if (file is null || !File.Exists(file))
            return new() { Id = plan.Id };
        ReplayState? state;
        try
        {
            state = JsonSerializer.Deserialize<ReplayState>(File.ReadAllBytes(file), JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            throw new UsageException($"--resume '{file}' holds no state of a replay: {e.Message}", e);
        }
        return state?.Id == plan.Id && state.Sent <= plan.Batches.Count && state.Asked <= plan.Batches.Count
            ? state
            : throw new UsageException($"--resume '{file}' is of a replay of other data, of another share or pace. Give the same --replay, --from and --speed, or another file.");
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string? file)
    {
        if (file is null)
            return;
        var next = file + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web));
        File.Move(next, file, overwrite: true);
    }
}
