namespace Recs.EventStore.Following;

/// <summary>The channels on which processes wake each other after appends. A notification is a hint to look; who misses it polls.</summary>
internal static class AppendChannels
{
    /// <summary>Recs's channel; the payload is the highest sequence appended.</summary>
    public const string Recs = "recs_appended";
    /// <summary>Channel of Marten's <c>UseListenNotifyForEventAppends</c>; no payload.</summary>
    public const string Marten = "mt_events_appended";

    /// <summary>Statement that hears both.</summary>
    public const string Listen = $"listen {Recs}; listen {Marten}";
    /// <summary>Statement that wakes both; its parameter is the highest sequence, as text.</summary>
    public const string Notify = $"select pg_notify('{Recs}', $1), pg_notify('{Marten}', '')";
}
