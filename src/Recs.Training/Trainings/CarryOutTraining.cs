using Npgsql;
using Recs.Contracts.Registry;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Trainings;

/// <summary>The training has another outcome than a version from this process: it was called off, or another worker came first.</summary>
public sealed class TrainingStoppedException(string trainingId, string why) : Exception($"Training {trainingId} {why}.");

/// <summary>Carries out a training that this process holds: data, fit, artifact, outcome. A lost lease stops it; the log takes one outcome only.</summary>
public sealed class CarryOutTraining(
    ArtifactStore artifacts, TrainingLeases leases, TrainingData data, RecordOutcome outcomes, TrainingOptions options, TimeProvider clock, CodeRevision code,
    FitCheckpoints checkpoints)
{
    /// <summary>Fits and records.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="lease">Proof that this process holds it.</param>
    /// <param name="run">Threads, progress and cancellation.</param>
    /// <param name="loaded">The request's data, if it is at hand.</param>
    /// <exception cref="TrainingStoppedException">It was called off, or somebody else answered it.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the lease is still held and nothing is recorded.</exception>
    /// <exception cref="NpgsqlException">The database is away, or refused and attempts are left; nothing is recorded, and the lease runs out by itself.</exception>
    public async Task<ModelTrained> RunAsync(TrainingRequested request, TrainingLease lease, FitRun run, LoadedSnapshot? loaded = null)
    {
        await using var heartbeat = new Heartbeat(leases, lease, options.Beat, run.Progress);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(run.Cancel, heartbeat.Lost);
        object outcome;
        try
        {
            outcome = await FitAsync(request, run with { Progress = heartbeat, Cancel = either.Token }, loaded);
        }
        catch (OperationCanceledException) when (heartbeat.Lost.IsCancellationRequested)
        {
            outcome = await outcomes.AnsweredAsync(request.TrainingId, run.Cancel) ?? throw new TrainingStoppedException(request.TrainingId, "was taken over by another worker");
        }
        catch (Exception e) when (e is not OperationCanceledException && !Outage.Is(e) && !(e is PostgresException && lease.Attempt < options.MostAttempts)) // whatever it was: the request must not stay without an outcome
        {
            outcome = await outcomes.FailedAsync(new(request.TrainingId, request.Model, e.Message, clock.GetUtcNow()));
            if (outcome is TrainingFailed)
            {
                checkpoints.Remove(request.TrainingId);
                throw;
            }
        }

        checkpoints.Remove(request.TrainingId);
        return outcome is ModelTrained trained ? Name(trained) : throw new TrainingStoppedException(request.TrainingId, Describe(outcome));
    }

    private async Task<object> FitAsync(TrainingRequested request, FitRun run, LoadedSnapshot? loaded)
    {
        var recommender = Recommenders.Named(request.Model);
        var values = OptionValues.Parse(recommender.Options, request.Options);
        run.Report("read", 0);
        var snapshot = loaded ?? await data.LoadAsync(request, run.Cancel);
        var checkpoint = checkpoints.Of(
            request, $"{snapshot.Manifest.Sha256} {snapshot.Data.GenresSha256} {snapshot.Data.TitlesSha256} {snapshot.Data.DemographicsSha256}", recommender.FormatVersion, code);
        var started = clock.GetTimestamp();
        var (stored, findings) = await FitThread.RunAsync(options.InBackground, () =>
        {
            using var artifact = recommender.Fit(snapshot.Data, values, request.Seed, run with { Checkpoint = checkpoint });
            return (artifacts.Put(artifact), artifact.Findings);
        });
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        run.Cancel.ThrowIfCancellationRequested();
        TrainingMetrics.Seconds.Record(seconds, new KeyValuePair<string, object?>("model", request.Model));
        return await outcomes.TrainedAsync(request.TrainingId, request.Model, version => new ModelTrained(
            request.TrainingId, request.Model, version, stored.ContentHash, snapshot.Manifest.SnapshotId, snapshot.Manifest.Sha256, snapshot.Manifest.ThroughSequence,
            values.ToText(), request.Seed, recommender.FormatVersion, code.Revision, code.Dirty, stored.Files, seconds, stored.Bytes, clock.GetUtcNow(),
            request.OptionSources, findings.Count == 0 ? null : findings));
    }

    private ModelTrained Name(ModelTrained trained)
    {
        artifacts.Name(trained);
        return trained;
    }

    private static string Describe(object outcome) => outcome switch
    {
        TrainingCancelled cancelled => $"was called off by {cancelled.By}: {cancelled.Reason}",
        TrainingFailed failed => $"counts as failed: {failed.Reason}",
        _ => "has another outcome",
    };
}
