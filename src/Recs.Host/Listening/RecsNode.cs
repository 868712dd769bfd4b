using System.Net;
using OpenTelemetry.Trace;
using Recs.EventStore.Projecting;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Observing;
using Recs.Host.Publishing;
using Recs.Kafka.Messages;
using Recs.Projections;
using Recs.Queries.Models;
using Recs.Queries.Serving;

namespace Recs.Host.Listening;

/// <summary>The roles of one running process over an opened store.</summary>
internal sealed class RecsNode : IAsyncDisposable
{
    private static readonly TimeSpan ModelPatience = TimeSpan.FromSeconds(10);
    private readonly WebApplication app;
    private readonly TracerProvider? spans;

    private RecsNode(WebApplication app, ProjectionDaemon daemon, TracerProvider? spans) => (this.app, Daemon, this.spans) = (app, daemon, spans);

    /// <summary>The projections.</summary>
    public ProjectionDaemon Daemon { get; }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:8080</c>.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>The services of the web application.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>Starts everything; returns once it listens.</summary>
    /// <exception cref="UsageException">Another program listens there.</exception>
    /// <exception cref="SchemaRefusedException">The schema registry does not take a schema of the topics.</exception>
    public static async Task<RecsNode> StartAsync(RecsStore store, IPEndPoint endpoint, NodeOptions options, CancellationToken cancel)
    {
        var mark = await store.MarkAsync(cancel);
        var daemon = new ProjectionDaemon(store.Source, store.Options, store.Types, mark, RecsProjections.All);
        var serving = options.Serving with { SimulatedTime = store.Clock.Simulated is not null };
        var app = RecsWeb.Build(new(store, mark, daemon, options with { Serving = serving }), endpoint.Address, endpoint.Port);
        var node = new RecsNode(app, daemon, Tracing.Start(options.Observing));
        try
        {
            store.Guard();
            if (options.Roles.HasFlag(Roles.Projections))
                await daemon.StartAsync(cancel);
            if (options.Roles.HasFlag(Roles.Relay) && options.Kafka is not null)
                await app.Services.GetRequiredService<IMessageEncoder>().RegisterSchemasAsync(cancel);
            await ListenAddress.StartAsync(app, endpoint, cancel);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>The version that answers requests once the log was read, and what stands in the way of a newer one; nulls where this node serves no slates.</summary>
    public async Task<(string? Version, string? Trouble)> ModelAsync(CancellationToken cancel)
    {
        if (Services.GetService<LogFollower>() is not { } follower)
            return (null, null);
        try
        {
            await follower.Ready.WaitAsync(ModelPatience, cancel);
        }
        catch (TimeoutException)
        {
            return (null, "the log is still being read; /readyz says when that is done");
        }
        return (Services.GetRequiredService<OpenModels>().Champion?.Manifest.Version, follower.ModelTrouble ?? follower.Fault);
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
    public ValueTask DisposeAsync() => Closing.AllAsync(() => new(app.StopAsync(CancellationToken.None)), app.DisposeAsync, Daemon.DisposeAsync, DisposeSpans);

    /// <summary>Sends what is left.</summary>
    private ValueTask DisposeSpans()
    {
        spans?.Dispose();
        return default;
    }
}
