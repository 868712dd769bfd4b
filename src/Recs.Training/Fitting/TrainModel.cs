using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.Training.Artifacts;
using Recs.Training.Registry;
using Recs.Training.Snapshots;

namespace Recs.Training.Fitting;

/// <summary>What to train.</summary>
/// <param name="TrainingId">Id of this training; its outcome names it.</param>
/// <param name="Model">Recommender's name.</param>
/// <param name="Options">Hyper-parameters given as text; the rest are defaults.</param>
/// <param name="Seed">Key of every random draw.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Reason">Why.</param>
public sealed record TrainRequest(string TrainingId, string Model, IReadOnlyDictionary<string, string> Options, ulong Seed, string RequestedBy, string Reason);

/// <summary>Fits a model on a snapshot, stores the artifact, and records the version in the log with all that is needed to make it again.</summary>
public sealed class TrainModel(ArtifactStore artifacts, ListModels models, EventAppender appender, EventTypes types, TimeProvider clock, CodeRevision code)
{
    /// <summary>Trains.</summary>
    /// <exception cref="ArgumentException">An unknown model or a wrong option; nothing is recorded.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; recorded as <c>training_failed</c>.</exception>
    public async Task<ModelTrained> RunAsync(TrainRequest request, LoadedSnapshot snapshot, FitRun run)
    {
        var recommender = Recommenders.Named(request.Model);
        var options = OptionValues.Parse(recommender.Options, request.Options);
        await AppendAsync(request.Model, new TrainingRequested(
            request.TrainingId, request.Model, snapshot.Manifest.SnapshotId, options.ToText(), request.Seed, request.RequestedBy, request.Reason, clock.GetUtcNow()));
        var trained = await FitAndRecordAsync(request, recommender, options, snapshot, run);
        artifacts.Name(trained);
        return trained;
    }

    private async Task<ModelTrained> FitAndRecordAsync(TrainRequest request, IRecommender recommender, OptionValues options, LoadedSnapshot snapshot, FitRun run)
    {
        try
        {
            var started = clock.GetTimestamp();
            var stored = await Task.Factory.StartNew(
                () => FitAndStore(recommender, snapshot.Data, options, request.Seed, run), run.Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var seconds = clock.GetElapsedTime(started).TotalSeconds;
            TrainingInstruments.Seconds.Record(seconds, new KeyValuePair<string, object?>("model", request.Model));
            return await RecordAsync(version => new ModelTrained(
                request.TrainingId, request.Model, version, stored.ContentHash, snapshot.Manifest.SnapshotId, snapshot.Manifest.Sha256,
                snapshot.Manifest.ThroughSequence, options.ToText(), request.Seed, recommender.FormatVersion, code.Revision, code.Dirty, stored.Files,
                seconds, stored.Bytes, clock.GetUtcNow()), request.Model);
        }
        catch (Exception e) // whatever it was: the request must not stay without an outcome
        {
            await AppendAsync(request.Model, new TrainingFailed(request.TrainingId, request.Model, e.Message, clock.GetUtcNow()));
            throw;
        }
    }

    private StoredArtifact FitAndStore(IRecommender recommender, InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        using var artifact = recommender.Fit(data, options, seed, run);
        return artifacts.Put(artifact);
    }

    /// <summary>Appends the manifest under the next version; if another training came first, counts again.</summary>
    private async Task<ModelTrained> RecordAsync(Func<string, ModelTrained> manifest, string model)
    {
        for (var versions = await models.OneAsync(model); ; versions = await models.OneAsync(model))
        {
            var trained = manifest(versions.NextVersion(model));
            if (await TryAppendAsync(model, trained, versions.StreamVersion))
                return trained;
        }
    }

    private async Task<bool> TryAppendAsync(string model, ModelTrained trained, long streamVersion)
    {
        try
        {
            await AppendAsync(model, trained, ExpectedVersion.Exactly(streamVersion));
            return true;
        }
        catch (ConcurrencyException)
        {
            return false;
        }
    }

    private async Task AppendAsync<T>(string model, T body, ExpectedVersion? expected = null) where T : notnull
        => await appender.AppendAsync(new([new(StreamIds.Model(model), expected ?? ExpectedVersion.Any, [types.Encode(Guid.CreateVersion7(clock.GetUtcNow()), body)])]));
}
