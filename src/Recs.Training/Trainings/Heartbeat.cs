using Npgsql;
using Recs.Training.Fitting;

namespace Recs.Training.Trainings;

/// <summary>Keeps a lease alive while its job runs, tells how far it is, and notices that the job was called off or taken over.</summary>
internal sealed class Heartbeat : IProgress<FitProgress>, IAsyncDisposable
{
    private readonly TrainingLeases _leases;
    private readonly TrainingLease _lease;
    private readonly IProgress<FitProgress>? _also;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _beating;
    private Told _told = new(new("", 0));

    private sealed record Told(FitProgress Progress);

    /// <summary>Starts to beat.</summary>
    /// <param name="leases">The table.</param>
    /// <param name="lease">What is held.</param>
    /// <param name="beat">Time between beats.</param>
    /// <param name="also">Who else wants to know how far the job is.</param>
    public Heartbeat(TrainingLeases leases, TrainingLease lease, TimeSpan beat, IProgress<FitProgress>? also)
    {
        (_leases, _lease, _also) = (leases, lease, also);
        _beating = Task.Run(() => BeatAsync(beat));
    }

    /// <summary>Cancelled once the job is no longer this process's.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <inheritdoc/>
    public void Report(FitProgress value)
    {
        Volatile.Write(ref _told, new(value));
        _also?.Report(value);
    }

    /// <summary>Stops to beat.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task BeatAsync(TimeSpan beat)
    {
        using var timer = new PeriodicTimer(beat);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                if (!await RenewAsync())
                {
                    await _lost.CancelAsync();
                    return;
                }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the job is over
        }
    }

    private async Task<bool> RenewAsync()
    {
        try
        {
            return await _leases.RenewAsync(_lease, Volatile.Read(ref _told).Progress, _stop.Token);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            return true; // the database is away: the first beat that reaches it finds out whether the lease still holds
        }
    }
}
