namespace Recs.EventStore.Projecting;

/// <summary>State of a shard.</summary>
public enum ShardState
{
    /// <summary>Another node holds its lock, or the database is away; see the reason.</summary>
    Standby,
    /// <summary>Folding.</summary>
    Running,
    /// <summary>Being rebuilt.</summary>
    Rebuilding,
    /// <summary>Stopped by an event that it could not fold, or by one that it had passed; see the reason.</summary>
    Stopped,
}

/// <summary>Health of a shard.</summary>
/// <param name="Name">Projection.</param>
/// <param name="State">What it does.</param>
/// <param name="Sequence">Folded through this position.</param>
/// <param name="HighWaterMark">The log's safe ceiling.</param>
/// <param name="LagSeconds">Seconds since it was last caught up, by the store's clock; 0 when caught up.</param>
/// <param name="Reason">Why it stopped (event, type, exception), or what last made it start over; null when all is well.</param>
public sealed record ShardHealth(string Name, ShardState State, long Sequence, long HighWaterMark, double LagSeconds, string? Reason);

/// <summary>A shard is stopped, so what the caller waits for will not happen by itself.</summary>
public sealed class ShardStoppedException(string name, string reason, Exception? cause = null)
    : Exception($"Projection '{name}' is stopped: {reason}", cause)
{
    /// <summary>Projection.</summary>
    public string Name { get; } = name;
    /// <summary>Why, with the event's position, stream and type.</summary>
    public string Reason { get; } = reason;
}
