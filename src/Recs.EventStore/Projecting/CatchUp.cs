using Npgsql;
using Recs.EventStore.Evolving;

namespace Recs.EventStore.Projecting;

/// <summary>Rebuilds shards that are far behind, two at a time so that memory stays bounded.</summary>
/// <param name="source">Database.</param>
/// <param name="options">Store.</param>
/// <param name="types">Registered aliases.</param>
/// <param name="rebuildPast">Distance to the high-water mark, in log positions, from which a rebuild may pay.</param>
internal sealed class CatchUp(NpgsqlDataSource source, EventStoreOptions options, EventTypes types, long rebuildPast) : IDisposable
{
    private readonly SemaphoreSlim turns = new(2);

    /// <summary>Whether a shard is far behind and most of the log is unread: then reading all of it once at least halves the work left at each rebuild.</summary>
    public bool IsDue(long floor, long ceiling) => ceiling - floor > rebuildPast && floor <= ceiling / 2;

    /// <summary>Rebuilds.</summary>
    /// <exception cref="InvalidDataException">An event cannot be folded. A row that cannot be written throws what its projection throws.</exception>
    public async Task RunAsync(IProjection projection, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        try
        {
            await new ProjectionRebuild(source, options, types).RebuildAsync(projection, null, cancel);
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();
}
