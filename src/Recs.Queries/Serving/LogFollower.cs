using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Recs.Contracts;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.UserStates;

namespace Recs.Queries.Serving;

/// <summary>What a query node knows as of one log position; the histories in its cache are at least as new.</summary>
/// <param name="Through">The position.</param>
/// <param name="Catalogue">The catalogue through it.</param>
/// <param name="Registry">The trained versions and promotions through it.</param>
/// <param name="Champion">The model in production there, or the former one if its files cannot be opened; null before the first promotion.</param>
public sealed record NodeView(long Through, CatalogueState Catalogue, RegistryState Registry, LiveModel? Champion);

/// <summary>
/// Keeps this node's memory equal to the log: the catalogue, the registry and the histories in the cache. One reader, in log order, so that
/// <see cref="Through"/> is true of all three.
/// </summary>
public sealed class LogFollower(
    EventTypes types, HighWaterMark mark, LogSubscription subscription, MovieNumbers numbers,
    OpenModels models, UserStateCache users, ILogger<LogFollower> log) : BackgroundService
{
    /// <summary>Events per page of the start, when only the catalogue and the registry are read.</summary>
    private const int StartPage = 20_000;

    private static readonly string UserStreamPrefix = StreamIds.User("");
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _publishing = new();
    private readonly PositionWaiters _waiters = new();
    private NodeView _view = new(0, CatalogueState.Empty, RegistryState.Empty, null);

    /// <summary>What this node knows, all of it as of one log position.</summary>
    public NodeView View => Volatile.Read(ref _view);

    /// <summary>Everything at or below this log position is in this node's memory.</summary>
    public long Through => View.Through;

    /// <summary>Requests that wait for a position.</summary>
    public int Waiting => _waiters.Count;

    /// <summary>The catalogue now.</summary>
    public CatalogueState Catalogue => View.Catalogue;

    /// <summary>Completes once the state of the start is loaded.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Why the champion could not be opened, or null.</summary>
    public string? ModelTrouble => models.Trouble;

    /// <summary>The last event that could not be read, or null.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>Waits until <see cref="Through"/> reaches a position; false if <paramref name="wait"/> ends first, or at once if too many wait already.</summary>
    public async ValueTask<bool> WaitForAsync(long sequence, TimeSpan wait, CancellationToken cancel)
    {
        if (Through >= sequence)
            return true;
        if (_waiters.Add(sequence) is not { } waiter)
            return false;
        try
        {
            if (Through < sequence) // a page that came before the line above did not see the waiter
                await waiter.Arrived.WaitAsync(wait, cancel);
        }
        catch (TimeoutException)
        {
            // not in time: the answer below says so
        }
        finally
        {
            _waiters.Remove(waiter);
        }
        return Through >= sequence;
    }

    /// <summary>Why this node does not follow the log any more, or null.</summary>
    public string? Fault { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            mark.Late += Forget;
            string[] catalogueAndRegistry = [.. CatalogueState.Types, .. RegistryState.Types];
            var (start, through) = (mark.Current, 0L);
            if (start > 0)
                await foreach (var page in subscription.FollowAsync(0, catalogueAndRegistry, StartPage, stoppingToken))
                {
                    Fold(page);
                    through = page.Through;
                    if (through >= start)
                        break;
                }
            _ready.TrySetResult();
            await foreach (var page in subscription.FollowAsync(through, [.. UserHistoryState.Types, .. catalogueAndRegistry], cancel: stoppingToken))
                Fold(page);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Fault = e.Message;
            log.LogCritical(e, "This node does not follow the log any more.");
            throw; // the host stops: a node that answers from stale memory must not go on
        }
        finally
        {
            mark.Late -= Forget;
            _waiters.Release(long.MaxValue); // whoever waits sees that the position was not reached
        }
    }

    private void Fold(LogPage page)
    {
        List<(long, Movie)> catalogue = [];
        var (former, registry) = (View, View.Registry);
        foreach (var e in page.Events)
            try
            {
                if (e.StreamId.StartsWith(UserStreamPrefix, StringComparison.Ordinal))
                    users.Apply(e.StreamId[UserStreamPrefix.Length..], e);
                else if (CatalogueState.Types.Contains(e.Type))
                    catalogue.Add((e.Sequence, CatalogueState.Read(types.Decode(e))));
                else if (RegistryState.Types.Contains(e.Type))
                    registry = registry.With(types.Decode(e));
            }
            catch (Exception broken) when (UnreadableEvents.AreLeftOutFor(broken))
            {
                // One broken fact must not silence the node for everybody: whoever it is about is loaded anew, and gets the error.
                Unreadable = $"event {e.Sequence} ('{e.Type}', stream '{e.StreamId}') cannot be read: {broken.Message}";
                log.LogError(broken, "{Trouble}", Unreadable);
                EvictOwner(e.StreamId);
            }
        lock (_publishing)
        {
            if (!ReferenceEquals(registry.Production, former.Registry.Production))
                Swap(registry);
            Volatile.Write(ref _view, new(page.Through, former.Catalogue.With(catalogue, numbers), registry, models.Champion));
        }
        _waiters.Release(page.Through);
    }

    /// <summary>
    /// Tries again to open what should answer, and answers with it from then on, also if the log stands still. No promotion that this node has not published
    /// yet can slip into the view: a page is folded into production and view at once.
    /// </summary>
    public void RetryChampion()
    {
        models.Retry();
        lock (_publishing)
            if (!ReferenceEquals(models.Champion, View.Champion))
                Volatile.Write(ref _view, View with { Champion = models.Champion });
    }

    /// <summary>An event came behind the mark: no page will bring it, so the one whom it is about is loaded anew.</summary>
    private void Forget(LateEvent late)
    {
        log.LogError("Event {Sequence} of '{Stream}' turned up behind the high-water mark.", late.Sequence, late.StreamId);
        EvictOwner(late.StreamId);
    }

    private void EvictOwner(string streamId)
    {
        if (streamId.StartsWith(UserStreamPrefix, StringComparison.Ordinal))
            users.Evict(streamId[UserStreamPrefix.Length..]);
    }

    private void Swap(RegistryState registry)
    {
        models.Promote(registry.ProductionNewestFirst);
        if (ModelTrouble is { } trouble)
            log.LogError("{Trouble} {Previous} goes on answering.", trouble, models.Champion?.Manifest.Version ?? "Nothing");
        else
            log.LogInformation("{Version} answers now.", models.Champion?.Manifest.Version ?? "Nothing");
    }
}
