namespace Recs.Projections.Relaying;

/// <summary>State of the relay.</summary>
public enum RelayState
{
    /// <summary>Another node tells the log, or the database is away; see the reason.</summary>
    Standby,
    /// <summary>Telling.</summary>
    Running,
    /// <summary>The broker, a topic or the schema registry is away; it goes on by itself once that is back.</summary>
    Waiting,
    /// <summary>An event cannot be told; nothing after it is told either. See the reason.</summary>
    Stopped,
}

/// <summary>Health of the relay.</summary>
/// <param name="State">What it does.</param>
/// <param name="Sequence">The broker has acknowledged everything at or below this position.</param>
/// <param name="HighWaterMark">The log's safe ceiling.</param>
/// <param name="LagSeconds">Seconds since it was last caught up, by the store's clock; 0 when caught up.</param>
/// <param name="Since">Since when it waits or is stopped, by the store's clock; null otherwise.</param>
/// <param name="Reason">Why it waits, is stopped, or started over last; null when all is well.</param>
public sealed record RelayHealth(RelayState State, long Sequence, long HighWaterMark, double LagSeconds, DateTimeOffset? Since, string? Reason);
