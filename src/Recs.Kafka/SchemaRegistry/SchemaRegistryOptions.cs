namespace Recs.Kafka.SchemaRegistry;

/// <summary>How patient a client is.</summary>
public sealed record SchemaRegistryOptions
{
    /// <summary>Longest wait for one answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a question is asked before the registry counts as unavailable; at least 1.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Pause after the first failure; doubled after each other.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);
}
