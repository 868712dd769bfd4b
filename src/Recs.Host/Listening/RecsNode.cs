using System.Net;
using Recs.EventStore.Projecting;
using Recs.Host.Composition;
using Recs.Projections;
using Recs.Queries.Serving;

namespace Recs.Host.Listening;

/// <summary>All roles in one running process over an opened store: projections fold, the service listens.</summary>
internal sealed class RecsNode : IAsyncDisposable
{
    private readonly WebApplication app;

    private RecsNode(WebApplication app, ProjectionDaemon daemon) => (this.app, Daemon) = (app, daemon);

    /// <summary>The projections.</summary>
    public ProjectionDaemon Daemon { get; }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:8080</c>.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>The services of the web application.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Starts everything; returns once it listens.</summary>
    /// <exception cref="CommandLine.UsageException">Another program listens there.</exception>
    public static async Task<RecsNode> StartAsync(RecsStore store, IPEndPoint endpoint, ServingOptions serving, CancellationToken cancel)
    {
        var mark = await store.MarkAsync(cancel);
        var daemon = new ProjectionDaemon(store.Source, store.Options, store.Types, mark, RecsProjections.All);
        var app = RecsWeb.Build(new(store, mark, daemon, store.Artifacts, serving), endpoint.Address, endpoint.Port);
        var node = new RecsNode(app, daemon);
        try
        {
            store.Guard();
            await daemon.StartAsync(cancel);
            await ListenAddress.StartAsync(app, endpoint, cancel);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Answers what is under way, then stops listening and folding.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await Daemon.DisposeAsync();
    }
}
