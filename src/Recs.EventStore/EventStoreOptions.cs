namespace Recs.EventStore;

/// <summary>Where the log is and how it behaves. One instance is shared by every part of the store.</summary>
public sealed record EventStoreOptions
{
    /// <summary>Schema of the <c>mt_</c> and <c>recs_</c> tables; lower case, as Marten folds it.</summary>
    public string Schema { get; init; } = "recs";
    /// <summary>The store's clock: recorded time. It never orders events.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>Real time, also where <see cref="Clock"/> is a simulated one: for what machines and callers wait for.</summary>
    public TimeProvider WallClock { get; init; } = TimeProvider.System;
}
