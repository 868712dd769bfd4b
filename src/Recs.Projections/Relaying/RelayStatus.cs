using Recs.EventStore.Following;

namespace Recs.Projections.Relaying;

/// <summary>What the relay knows of itself: written by its one task, read by whoever asks for its health.</summary>
internal sealed class RelayStatus(TimeProvider clock, HighWaterMark mark, TimeSpan awayAfter)
{
    private readonly Lock _gate = new();
    private RelayState _state = RelayState.Standby;
    private string? _reason;
    private string? _trouble;
    private long _sequence;
    private DateTimeOffset _since = clock.GetUtcNow();
    private DateTimeOffset _caughtUpAt = clock.GetUtcNow();
    private bool _inFlight;
    private DateTimeOffset _heardAt;
    /// <summary>The same on a clock that no simulation speeds up.</summary>
    private long _heardTicks;

    /// <summary>Acknowledged through this position.</summary>
    public long Sequence
    {
        get
        {
            lock (_gate) return _sequence;
        }
    }

    /// <summary>Another node leads, or nobody can.</summary>
    public void StandBy(long? sequence, string? reason)
    {
        lock (_gate)
        {
            Enter(RelayState.Standby, reason);
            _inFlight = false;
            if (sequence is { } reached) Reach(reached);
        }
    }

    /// <summary>This node leads from here on.</summary>
    public void Lead(long sequence)
    {
        lock (_gate)
        {
            Enter(RelayState.Running, null);
            Reach(sequence);
        }
    }

    /// <summary>The first page after silence is on its way.</summary>
    public void Sending()
    {
        lock (_gate) (_inFlight, _heardAt, _heardTicks) = (true, clock.GetUtcNow(), Environment.TickCount64);
    }

    /// <summary>What the broker has acknowledged by now.</summary>
    /// <param name="sequence">Log position, null for nothing new.</param>
    /// <param name="inFlight">More is under way.</param>
    /// <param name="trouble">The client's last word on its connections.</param>
    public void Acknowledged(long? sequence, bool inFlight, string? trouble)
    {
        lock (_gate)
        {
            (_inFlight, _trouble) = (inFlight, trouble);
            Reach(sequence ?? _sequence);
            if (sequence is null)
            {
                if (_state == RelayState.Waiting && !inFlight && _sequence >= mark.Current) Enter(RelayState.Running, null);
                return;
            }
            Enter(RelayState.Running, null);
            (_heardAt, _heardTicks) = (clock.GetUtcNow(), Environment.TickCount64);
        }
    }

    /// <summary>Something is away; a relay that is stopped stays so.</summary>
    public void Wait(string reason)
    {
        lock (_gate)
        {
            _inFlight = false;
            if (_state != RelayState.Stopped) Enter(RelayState.Waiting, reason);
        }
    }

    /// <summary>An event cannot be told.</summary>
    public void Stop(string reason)
    {
        lock (_gate)
        {
            _inFlight = false;
            Enter(RelayState.Stopped, reason);
        }
    }

    /// <summary>As it is now.</summary>
    public RelayHealth Health()
    {
        lock (_gate)
        {
            var ceiling = mark.Current;
            var lag = _sequence >= ceiling ? 0 : Math.Max(0, (clock.GetUtcNow() - _caughtUpAt).TotalSeconds);
            if (_state == RelayState.Running && _inFlight && Environment.TickCount64 - _heardTicks > awayAfter.TotalMilliseconds)
                return new(RelayState.Waiting, _sequence, ceiling, lag, _heardAt, $"The broker acknowledges nothing{(_trouble is null ? "." : $": {_trouble}")}");
            return new(_state, _sequence, ceiling, lag, _state is RelayState.Waiting or RelayState.Stopped ? _since : null, _reason);
        }
    }

    private void Enter(RelayState state, string? reason)
    {
        if (state != _state) _since = clock.GetUtcNow();
        (_state, _reason) = (state, reason);
    }

    private void Reach(long sequence)
    {
        _sequence = sequence;
        if (sequence >= mark.Current) _caughtUpAt = clock.GetUtcNow();
    }
}
