using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.EventStore.Reading;
using Recs.Kafka.Connecting;
using Recs.Kafka.Messages;
using Recs.Kafka.Topics;

namespace Recs.Projections.Relaying;

/// <summary>
/// Tells the log to Kafka, in log order, at least once: its progress advances only over what the broker has acknowledged, and after a crash it goes on there. One
/// node of all leads, the others stand by. It only reads the log, so nobody who serves ever waits for it: while the broker is away it waits, and catches up.
/// </summary>
public sealed class Relay : ILedWork, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly RelayOptions _options;
    private readonly TimeProvider _clock;
    private readonly HighWaterMark _mark;
    private readonly IMessageEncoder _encoder;
    private readonly EventMessages _table;
    private readonly LogSubscription _log;
    private readonly Leadership _leadership;
    private readonly RelayProgress _progress;
    private readonly LateEvents _lateEvents;
    private readonly RelayStatus _status;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly RelayInstruments _instruments;

    /// <summary>Events up to this position are told one at a time, to find the one that was refused.</summary>
    private long _oneByOneThrough;
    /// <summary>Progress as the row has it.</summary>
    private long _recorded;
    private long _recordedAt;
    /// <summary>The broker did not know a topic.</summary>
    private bool _topicsMissing;

    /// <summary>A relay that does nothing before <see cref="RunAsync"/>.</summary>
    /// <param name="source">Database.</param>
    /// <param name="store">Schema and clock.</param>
    /// <param name="types">Registered aliases.</param>
    /// <param name="mark">The high-water mark, followed already.</param>
    /// <param name="encoder">Writes values.</param>
    /// <param name="options">How.</param>
    public Relay(NpgsqlDataSource source, EventStoreOptions store, EventTypes types, HighWaterMark mark, IMessageEncoder encoder, RelayOptions options)
    {
        (_options, _clock, _mark, _encoder) = (options, store.WallClock, mark, encoder);
        _table = new(options.Topics, encoder);
        _log = new(source, store, types, mark);
        _leadership = new(source, $"{store.Schema}:relay:{options.Topics.Prefix}");
        _progress = new(store, options.Topics.Prefix);
        _lateEvents = new(new EventReader(source, store, types), store, options.Topics.Prefix);
        _status = new(store.WallClock, mark, options.AwayAfter);
        _instruments = new(Health);
    }

    /// <summary>How it fares.</summary>
    public RelayHealth Health() => _status.Health();

    /// <summary>Stands by and tells in turns until cancelled; what is under way then is waited for, a little.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            await _leadership.RunAsync(this, cancel);
        }
        catch (Exception e)
        {
            // Neither the broker nor an outage: a mistake, or a log that was set back. What else this process does goes on, and health tells.
            _status.Stop($"The relay ended: {e.GetType().Name}: {e.Message}");
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _instruments.Dispose();
        _wake.Dispose();
    }

    async Task ILedWork.StandByAsync(NpgsqlConnection connection, CancellationToken cancel) => _status.StandBy(await _progress.ReadAsync(connection, cancel) ?? 0, null);

    void ILedWork.Lost(string why) => _status.StandBy(null, why);

    async Task ILedWork.LeadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        _recorded = await _progress.BeginAsync(connection, _options.From == RelayStart.Now ? _mark.Current : 0, cancel);
        _status.Lead(_recorded);
        var pause = Tick;
        while (!cancel.IsCancellationRequested)
        {
            var before = _recorded;
            try
            {
                await EncoderAsync(connection, cancel);
                await TopicsAsync(connection, cancel);
                await TellAsync(connection, cancel);
            }
            catch (RefusedException e) when (e.Culprit is { } culprit)
            {
                _status.Stop($"Event {culprit.Sequence} of stream '{culprit.StreamId}', type '{culprit.Type}', cannot be told: {e.Message} Nothing after it is told; it is offered again from time to time.");
                await PauseAsync(connection, _options.OfferAgainEvery, cancel);
            }
            catch (RefusedException e)
            {
                _status.Wait($"{e.Message} Looking for the event that is to blame, one by one.");
            }
            catch (Exception e) when (e is PublishingException or KafkaUnavailableException or SchemaRefusedException or SchemaRegistryUnavailableException)
            {
                _status.Wait($"{e.Message} Trying again.");
                await PauseAsync(connection, pause = before < _recorded ? Tick : Shorter(pause * 2, LongestPause), cancel);
            }
        }
    }

    /// <summary>Waits for the schemas' registry, where there is one.</summary>
    private async Task EncoderAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var ready = _encoder.ReadyAsync(cancel);
        while (!ready.IsCompleted)
        {
            await Task.WhenAny(ready, Task.Delay(Tick, cancel));
            if (ready.IsCompleted) break;
            _status.Wait("The schema registry is waited for.");
            await _progress.MoveAsync(connection, _recorded, _recorded, cancel);
        }
        await ready;
    }

    /// <summary>After a topic was missing: waits until all are there, or else what goes to the others would be sent again at every attempt.</summary>
    private async Task TopicsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        while (_topicsMissing)
        {
            var states = await new TopicAdministration(_options.Kafka, _options.AwayAfter + Tick).ListAsync(new(_options.Topics, _options.Topics.Movielog), cancel);
            var missing = states.Where(s => s.Outcome == TopicOutcome.Missing && _table.Topics.Contains(s.Topic.Name)).Select(s => s.Topic.Name).ToList();
            _topicsMissing = missing.Count > 0;
            if (!_topicsMissing) return;
            _status.Wait($"Kafka has no topic {string.Join(", ", missing)}: 'recs topics create' makes them.");
            await PauseAsync(connection, Tick, cancel);
        }
    }

    /// <summary>Tells what the log holds after the recorded progress, and what comes, with one producer.</summary>
    private async Task TellAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var oneByOne = _recorded < _oneByOneThrough;
        using var publisher = new Publisher(_options.Kafka, oneByOne, Wake);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var inFlight = new Queue<PageInFlight>();
        _lateEvents.Begin();
        await using var pages = _log.FollowAsync(_recorded, _table.Types, oneByOne ? 1 : _options.PageSize, reading.Token).GetAsyncEnumerator(CancellationToken.None);
        Task<bool>? next = null;
        Task? woken = null;
        try
        {
            while (!cancel.IsCancellationRequested && (!oneByOne || _recorded < _oneByOneThrough))
            {
                await AcknowledgeAsync(connection, inFlight, publisher, cancel);
                Check(publisher, inFlight, oneByOne);
                var mayRead = !await TellLateAsync(connection, publisher, inFlight, cancel) && inFlight.Count < (oneByOne ? 1 : _options.PagesInFlight);
                if (mayRead && (next ??= pages.MoveNextAsync().AsTask()).IsCompleted)
                {
                    await next;
                    next = null;
                    await SendAsync(publisher, pages.Current, inFlight, cancel);
                    continue;
                }
                woken ??= _wake.WaitAsync(Shorter(Tick, _options.RecordEvery), cancel);
                await (mayRead ? Task.WhenAny(woken, next!) : woken);
                if (woken.IsCompleted) woken = null;
            }
            if (cancel.IsCancellationRequested) await SettleAsync(connection, inFlight, publisher);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await SettleAsync(connection, inFlight, publisher);
            throw;
        }
        finally
        {
            await reading.CancelAsync();
            if (next is not null) await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the enumerator is closed between two pages only
            if (woken is not null) await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it must not take the next publisher's wake-up
        }
    }

    private async Task SendAsync(Publisher publisher, LogPage page, Queue<PageInFlight> inFlight, CancellationToken cancel)
    {
        var sent = new PageInFlight(page.Events, page.Through);
        if (inFlight.Count == 0) _status.Sending();
        inFlight.Enqueue(sent);
        try
        {
            await publisher.SendAsync(sent, _table, cancel);
        }
        catch (InvalidDataException e)
        {
            throw Refuse(e.Message, inFlight, page.Events.Count == 1);
        }
    }

    private async Task<bool> TellLateAsync(NpgsqlConnection connection, Publisher publisher, Queue<PageInFlight> inFlight, CancellationToken cancel)
    {
        try
        {
            return await _lateEvents.TellAsync(connection, publisher, _table, _recorded, alone: inFlight.Count == 0, cancel);
        }
        catch (InvalidDataException e)
        {
            throw Refuse(e.Message, inFlight, alone: true);
        }
    }

    /// <summary>Moves the progress over the pages that have arrived, the oldest first; writes it down now and then, and asks once in a while whether it is still this node's.</summary>
    private async Task AcknowledgeAsync(NpgsqlConnection connection, Queue<PageInFlight> inFlight, Publisher publisher, CancellationToken cancel)
    {
        long? reached = null;
        while (inFlight.TryPeek(out var page) && page.HasArrived) reached = inFlight.Dequeue().Through;
        _status.Acknowledged(reached, inFlight.Count > 0, publisher.Trouble);
        var elapsed = Environment.TickCount64 - _recordedAt;
        if (_status.Sequence > _recorded ? elapsed >= _options.RecordEvery.TotalMilliseconds || _recorded < _oneByOneThrough : elapsed >= Tick.TotalMilliseconds)
            await RecordAsync(connection, cancel);
    }

    private async Task RecordAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var reached = _status.Sequence;
        await _progress.MoveAsync(connection, _recorded, reached, cancel);
        (_recorded, _recordedAt) = (reached, Environment.TickCount64);
    }

    private void Check(Publisher publisher, Queue<PageInFlight> inFlight, bool oneByOne)
    {
        if (publisher.Failure is not { } failure) return;
        _topicsMissing |= failure.TopicMissing;
        throw failure.Refused ? Refuse(failure.Reason, inFlight, oneByOne) : new PublishingException(failure.Reason);
    }

    private RefusedException Refuse(string reason, Queue<PageInFlight> inFlight, bool alone)
    {
        if (_lateEvents.UnderWay is { } late) return new(reason, late);
        _oneByOneThrough = Math.Max(_oneByOneThrough, inFlight.Select(page => page.Through).DefaultIfEmpty().Max());
        return new(reason, alone ? inFlight.SelectMany(page => page.Events).FirstOrDefault() : null);
    }

    /// <summary>Before it ends: waits a little for what is under way, so that it is not told again at the next start.</summary>
    private async Task SettleAsync(NpgsqlConnection connection, Queue<PageInFlight> inFlight, Publisher publisher)
    {
        using var patience = new CancellationTokenSource(Farewell);
        while (inFlight.Any(page => !page.HasArrived) && publisher.Failure is null && !patience.IsCancellationRequested)
            await ((Task)_wake.WaitAsync(Tick, patience.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await AcknowledgeAsync(connection, inFlight, publisher, CancellationToken.None);
        if (_status.Sequence > _recorded) await RecordAsync(connection, CancellationToken.None);
    }

    /// <summary>Waits while still leading.</summary>
    private async Task PauseAsync(NpgsqlConnection connection, TimeSpan pause, CancellationToken cancel)
    {
        for (var end = Environment.TickCount64 + (long)pause.TotalMilliseconds; Environment.TickCount64 < end;)
        {
            await Task.Delay(Shorter(Tick, pause), cancel);
            await _progress.MoveAsync(connection, _recorded, _recorded, cancel);
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake or about to be.
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>Something could not be sent now.</summary>
    private sealed class PublishingException(string reason) : Exception(reason);

    /// <summary>Something can never be sent; what, if only one event was under way.</summary>
    private sealed class RefusedException(string reason, RecordedEvent? culprit) : Exception(reason)
    {
        public RecordedEvent? Culprit { get; } = culprit;
    }
}
