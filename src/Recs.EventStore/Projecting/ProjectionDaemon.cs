using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;

namespace Recs.EventStore.Projecting;

/// <summary>State of a shard.</summary>
public enum ShardState
{
    /// <summary>Another node holds its lock.</summary>
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
/// <param name="Reason">Why it stopped: event, type, exception.</param>
public sealed record ShardHealth(string Name, ShardState State, long Sequence, long HighWaterMark, double LagSeconds, string? Reason);

/// <summary>Runs projections, each as one shard: exactly once into SQL, one node at a time (advisory lock, fenced by compare-and-set on the progress row).</summary>
public sealed class ProjectionDaemon(NpgsqlDataSource source, EventStoreOptions options, EventTypes types, HighWaterMark mark, IReadOnlyList<IProjection> projections) : IAsyncDisposable
{
    /// <summary>Starts every shard.</summary>
    public Task StartAsync(CancellationToken cancel = default) => throw new NotImplementedException();
    /// <summary>Health of every shard.</summary>
    public IReadOnlyList<ShardHealth> Health() => throw new NotImplementedException();
    /// <summary>Waits until every running shard has folded through a position; throws if one is stopped.</summary>
    public Task WaitForAsync(long sequence, CancellationToken cancel = default) => throw new NotImplementedException();
    /// <summary>Stops every shard at a batch boundary.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
    private readonly (NpgsqlDataSource, EventStoreOptions, EventTypes, HighWaterMark, IReadOnlyList<IProjection>) _ = (source, options, types, mark, projections);
}

/// <summary>Rebuilds and verifies projections by folding in memory over a COPY of the log.</summary>
public sealed class ProjectionRebuild(NpgsqlDataSource source, EventStoreOptions options, EventTypes types)
{
    /// <summary>
    /// Folds the log through the safe ceiling and replaces the tables and the progress row in one transaction. Waits for the shard's lock, so a running daemon
    /// hands over and goes on from there; clears a stop because of a late event.
    /// </summary>
    /// <returns>Events folded and the position reached.</returns>
    public Task<(long Events, long Through)> RebuildAsync(IProjection projection, IProgress<(long Done, long Total)>? progress = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Folds the log through the projection's own progress in memory and compares with its tables, in one repeatable-read view. Null if equal, else the first difference.</summary>
    public Task<string?> VerifyAsync(IProjection projection, CancellationToken cancel = default) => throw new NotImplementedException();
    private readonly (NpgsqlDataSource, EventStoreOptions, EventTypes) _ = (source, options, types);
}
