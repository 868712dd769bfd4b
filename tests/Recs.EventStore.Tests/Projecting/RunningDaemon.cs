using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.EventStore.Projecting;

namespace Recs.EventStore.Tests.Projecting;

/// <summary>A node: its own connections, high-water mark and daemon.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private readonly NpgsqlDataSource source;

    private RunningDaemon(NpgsqlDataSource source, HighWaterMark mark, ProjectionDaemon daemon) => (this.source, Mark, Daemon) = (source, mark, daemon);

    public HighWaterMark Mark { get; }
    public ProjectionDaemon Daemon { get; }

    public static Task<RunningDaemon> StartAsync(StoreDatabase store, params IProjection[] projections) => StartAsync(store, 100_000, projections);

    public static async Task<RunningDaemon> StartAsync(StoreDatabase store, long rebuildPast, params IProjection[] projections)
    {
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(store.ConnectionString) { ApplicationName = "node " + Guid.NewGuid().ToString("N") });
        var mark = new HighWaterMark(source, store.Options);
        await mark.StartAsync();
        var daemon = new ProjectionDaemon(source, store.Options, new EventTypes(), mark, projections, rebuildPast);
        await daemon.StartAsync();
        return new(source, mark, daemon);
    }

    public ShardHealth Health(string name = "Counting") => Daemon.Health().Single(h => h.Name == name);

    public Task WaitForAsync(long sequence) => Eventually.InTimeAsync(Daemon.WaitForAsync(sequence));

    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        await Mark.DisposeAsync();
        await source.DisposeAsync();
    }
}
