using System.Text.Json;
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
/// <param name="Champion">The model in production there, or the former one if its files cannot be opened; null before the first promotion.</param>
public sealed record NodeView(long Through, CatalogueState Catalogue, LiveModel? Champion);

/// <summary>
/// Keeps this node's memory equal to the log: the catalogue, the registry and the histories in the cache. One reader, in log order, so that
/// <see cref="Through"/> is true of all three.
/// </summary>
public sealed class LogFollower(
    EventTypes types, HighWaterMark mark, LogSubscription subscription, MovieNumbers numbers,
    RegistryState registry, OpenModels models, UserStateCache users, ILogger<LogFollower> log) : BackgroundService
{
    /// <summary>Events per page of the start, when only the catalogue and the registry are read.</summary>
    private const int StartPage = 20_000;

    private static readonly string UserStreamPrefix = StreamIds.User("");
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly List<(long Sequence, TaskCompletionSource Arrived)> _waiting = [];
    private NodeView _view = new(0, CatalogueState.Empty, null);

    /// <summary>What this node knows, all of it as of one log position.</summary>
    public NodeView View => Volatile.Read(ref _view);

    /// <summary>Everything at or below this log position is in this node's memory.</summary>
    public long Through => View.Through;

    /// <summary>Requests that wait for a position.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>The catalogue now.</summary>
    public CatalogueState Catalogue => View.Catalogue;

    /// <summary>Completes once the state of the start is loaded.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Why the champion could not be opened, or null.</summary>
    public string? ModelTrouble => models.Trouble;

    /// <summary>The last event that could not be read, or null.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>Waits until <see cref="Through"/> reaches a position; false if <paramref name="wait"/> ends first.</summary>
    public async ValueTask<bool> WaitForAsync(long sequence, TimeSpan wait, CancellationToken cancel)
    {
        if (Through >= sequence)
            return true;
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (Through >= sequence)
                return true;
            _waiting.Add((sequence, arrived));
        }
        try
        {
            await arrived.Task.WaitAsync(wait, cancel);
        }
        catch (TimeoutException)
        {
            // not in time: the answer below says so
        }
        finally
        {
            lock (_gate)
                _waiting.RemoveAll(w => ReferenceEquals(w.Arrived, arrived));
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
            lock (_gate)
                foreach (var (_, arrived) in _waiting)
                    arrived.TrySetResult(); // whoever waits sees that the position was not reached
        }
    }

    private void Fold(LogPage page)
    {
        List<(long, Movie)> catalogue = [];
        var promoted = false;
        foreach (var e in page.Events)
            try
            {
                if (e.StreamId.StartsWith(UserStreamPrefix, StringComparison.Ordinal))
                    users.Apply(e.StreamId[UserStreamPrefix.Length..], e);
                else if (CatalogueState.Types.Contains(e.Type))
                    catalogue.Add((e.Sequence, CatalogueState.Read(types.Decode(e))));
                else if (RegistryState.Types.Contains(e.Type))
                    promoted |= registry.Apply(types.Decode(e));
            }
            catch (Exception broken) when (broken is UnreadableEventException or FormatException or JsonException)
            {
                // One broken fact must not silence the node for everybody: whoever it is about is loaded anew, and gets the error.
                Unreadable = $"event {e.Sequence} ('{e.Type}', stream '{e.StreamId}') cannot be read: {broken.Message}";
                log.LogError(broken, "{Trouble}", Unreadable);
                EvictOwner(e.StreamId);
            }
        if (promoted)
            Swap();
        Volatile.Write(ref _view, new(page.Through, Catalogue.With(catalogue, numbers), models.Champion));
        lock (_gate)
            for (var i = _waiting.Count - 1; i >= 0; i--)
                if (_waiting[i].Sequence <= page.Through)
                {
                    _waiting[i].Arrived.TrySetResult();
                    _waiting.RemoveAt(i);
                }
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

    private void Swap()
    {
        models.Promote(registry.ProductionNewestFirst);
        if (ModelTrouble is { } trouble)
            log.LogError("{Trouble} {Previous} goes on answering.", trouble, models.Champion?.Manifest.Version ?? "Nothing");
        else
            log.LogInformation("{Version} answers now.", models.Champion?.Manifest.Version ?? "Nothing");
    }
}
