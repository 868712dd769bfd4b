using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Recs.Contracts.Registry;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Training.Fitting;
using Recs.Training.Registry;
using Recs.Training.Reproducing;

namespace Recs.Training.Trainings;

/// <summary>The training role: takes one job after the other, as long as the process lives. Any number of processes may run it.</summary>
public sealed class TrainingWorker(
    TrainingLeases leases, TrainingJobs jobs, TrainingNews news, CarryOutTraining carryOut, ReproduceModel reproduce, RecordOutcome outcomes, NameVersions names, FitCheckpoints checkpoints,
    EventReader reader, EventTypes types, TrainingOptions options, TimeProvider clock, ILogger<TrainingWorker> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var named = false;
        TrainingLease? held = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = news.Next;
            try
            {
                if (!named)
                {
                    await names.RunAsync(stoppingToken);
                    await SweepAsync(stoppingToken);
                    named = true;
                }
                if (held is not null)
                    await leases.ReleaseAsync(held, tried: false, stoppingToken); // the database was away in the middle of it: that is no attempt
                held = await leases.ClaimAsync(stoppingToken);
                if (held is not null)
                {
                    var settled = await WorkAsync(held, stoppingToken);
                    held = null;
                    if (settled)
                        continue;
                }
            }
            catch (Exception e) when (Outage.Is(e))
            {
                log.LogWarning("The training role cannot reach the database: {Trouble} Trying again.", e.Message);
            }
            catch (PostgresException e)
            {
                held = null; // its lease runs out by itself, and the attempt counts
                log.LogError(e, "The database refuses what the training role asks for. Trying again.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log.LogError(e, "The training role cannot write the names of versions. Trying again.");
            }
            await TrainingNews.WaitAsync(next, options.Poll, CancellationToken.None).WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Removes checkpoints of trainings that were answered elsewhere.</summary>
    private async Task SweepAsync(CancellationToken cancel)
    {
        foreach (var training in checkpoints.Trainings())
            if (await jobs.FindAsync(training, cancel) is { Ended: true })
                checkpoints.Remove(training);
    }

    /// <returns>False if the job was given back and should wait.</returns>
    private async Task<bool> WorkAsync(TrainingLease lease, CancellationToken stopping)
    {
        log.LogInformation("{Kind} {Training} of {Model} begins, attempt {Attempt}.", lease.Kind, lease.TrainingId, lease.Model, lease.Attempt);
        try
        {
            if (lease.Attempt > options.MostAttempts)
                await GiveUpAsync(lease);
            else if (lease.Kind == JobKind.Training)
                await TrainAsync(lease, stopping);
            else
                await ReproduceAsync(lease, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await leases.ReleaseAsync(lease, tried: false, CancellationToken.None); // this process stops in order: the next one need not wait for the lease to run out
        }
        catch (TrainingStoppedException e)
        {
            log.LogInformation("{Message}", e.Message);
        }
        catch (PostgresException e) when (!Outage.Is(e) && lease.Attempt < options.MostAttempts)
        {
            log.LogError(e, "The database refused {Kind} {Training} of {Model}, attempt {Attempt}.", lease.Kind, lease.TrainingId, lease.Model, lease.Attempt);
            await leases.ReleaseAsync(lease, tried: true, stopping);
            return false;
        }
        catch (Exception e) when (!Outage.Is(e))
        {
            log.LogError(e, "{Kind} {Training} of {Model} failed.", lease.Kind, lease.TrainingId, lease.Model);
            await FailAsync(lease, e.Message); // changes nothing if an outcome is recorded already; the worker goes on
        }
        return true;
    }

    private async Task TrainAsync(TrainingLease lease, CancellationToken stopping)
    {
        if (await outcomes.AnsweredAsync(lease.TrainingId, stopping) is not null)
            return; // answered, but its row was not closed: by a program that knows nothing of the table
        var asked = await reader.FindEventAsync(TrainingEventIds.Request(lease.TrainingId), stopping)
            ?? throw new InvalidDataException($"Job {lease.TrainingId} has no training_requested in the log.");
        var trained = await carryOut.RunAsync((TrainingRequested)types.Decode(asked), lease, new FitRun(options.Threads, Cancel: stopping));
        log.LogInformation("{Version} was trained in {Seconds:0.0} s.", trained.Version, trained.Seconds);
    }

    private async Task ReproduceAsync(TrainingLease lease, CancellationToken stopping)
    {
        await using var heartbeat = new Heartbeat(leases, lease, options.Beat, null);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, heartbeat.Lost);
        string outcome, detail;
        try
        {
            var result = await reproduce.RunAsync(lease.Version!, new FitRun(options.Threads, Progress: heartbeat, Cancel: either.Token));
            (outcome, detail) = (result.Verdict.Word(), result.Detail);
        }
        catch (OperationCanceledException) when (heartbeat.Lost.IsCancellationRequested)
        {
            throw new TrainingStoppedException(lease.TrainingId, "was called off or taken over");
        }
        catch (Exception e) when (e is not OperationCanceledException && !Outage.Is(e) && !(e is PostgresException && lease.Attempt < options.MostAttempts))
        {
            (outcome, detail) = ("failed", e.Message);
        }
        await jobs.RunAsync(jobs.Close(lease.TrainingId, outcome, null, detail, lease.Fence), stopping);
    }

    private Task GiveUpAsync(TrainingLease lease) => FailAsync(lease, $"{options.MostAttempts} workers died over it");

    private async Task FailAsync(TrainingLease lease, string reason)
    {
        if (lease.Kind == JobKind.Training)
        {
            await outcomes.FailedAsync(new(lease.TrainingId, lease.Model, reason, clock.GetUtcNow()));
            checkpoints.Remove(lease.TrainingId);
        }
        else
            await jobs.RunAsync(jobs.Close(lease.TrainingId, "failed", null, reason, lease.Fence));
    }
}
