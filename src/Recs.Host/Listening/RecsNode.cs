using System.Net;
using Recs.EventStore.Projecting;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Securing;
using Recs.Projections;
using Recs.Queries.Serving;
using Recs.Training.Trainings;

namespace Recs.Host.Listening;

/// <summary>The roles of one running process over an opened store.</summary>
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
    /// <exception cref="UsageException">Another program listens there.</exception>
    public static async Task<RecsNode> StartAsync(RecsStore store, IPEndPoint endpoint, ServingOptions serving, Roles roles, SecurityOptions security, CancellationToken cancel, TrainingOptions? training = null)
    {
        var mark = await store.MarkAsync(cancel);
        var daemon = new ProjectionDaemon(store.Source, store.Options, store.Types, mark, RecsProjections.All);
        var app = RecsWeb.Build(new(store, mark, daemon, store.Artifacts, serving, roles, security, training ?? new()), endpoint.Address, endpoint.Port);
        var node = new RecsNode(app, daemon);
        try
        {
            store.Guard();
            if (roles.HasFlag(Roles.Projections))
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

    /// <summary>Waits until the caller asks to stop.</summary>
    /// <exception cref="UnavailableException">A part of the service ended by itself, and the service with it.</exception>
    public async Task WaitAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, app.Lifetime.ApplicationStopping);
        await Interruption.WaitAsync(either.Token);
        if (cancel.IsCancellationRequested) return;
        var ended = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().FirstOrDefault(s => s.ExecuteTask is { IsFaulted: true });
        throw new UnavailableException(ended is null
            ? "the service ended by itself."
            : $"the service ended, because its {ended.GetType().Name} did: {ended.ExecuteTask!.Exception!.GetBaseException().Message}");
    }

    /// <summary>Answers what is under way, then stops listening and folding.</summary>
    public ValueTask DisposeAsync() => Closing.AllAsync(() => new(app.StopAsync(CancellationToken.None)), app.DisposeAsync, Daemon.DisposeAsync);
}
