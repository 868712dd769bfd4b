using Recs.Contracts;
using Recs.Contracts.Registry;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Training.Registry;

namespace Recs.Training.Trainings;

/// <summary>
/// Answers a training: <c>model_trained</c>, <c>training_failed</c> or <c>training_cancelled</c>, exactly one of them. The first that is stored stands; whoever
/// comes later is told what it was.
/// </summary>
public sealed class RecordOutcome(TrainingJobs jobs, ListModels models, EventReader reader, EventAppender appender, EventTypes types)
{
    /// <summary>Records a new version under the model's next name.</summary>
    /// <param name="trainingId">The training.</param>
    /// <param name="model">Its model.</param>
    /// <param name="manifest">The event for a version's name.</param>
    /// <returns>The event that answers the training: this one, or the other that was first.</returns>
    public async Task<object> TrainedAsync(string trainingId, string model, Func<string, ModelTrained> manifest)
    {
        while (true)
        {
            if (await AnsweredAsync(trainingId) is { } first)
                return first;
            var versions = await models.OneAsync(model);
            var trained = manifest(versions.NextVersion(model));
            try
            {
                await AppendAsync(trainingId, model, trained, ExpectedVersion.Exactly(versions.StreamVersion), jobs.Close(trainingId, "trained", trained.Version, null));
                return trained;
            }
            catch (Exception e) when (e is ConcurrencyException or DuplicateEventException or AppendOutcomeUnknownException)
            {
                // Another event of this model came first, perhaps this training's own outcome: look again.
            }
        }
    }

    /// <summary>Records that the fit failed.</summary>
    /// <returns>The event that answers the training.</returns>
    public Task<object> FailedAsync(TrainingFailed failed)
        => FirstAsync(failed.TrainingId, failed.Model, failed, jobs.Close(failed.TrainingId, "failed", null, failed.Reason));

    /// <summary>Records that the training was called off; whoever fits it notices within a beat.</summary>
    /// <returns>The event that answers the training.</returns>
    public Task<object> CancelledAsync(TrainingCancelled cancelled)
        => FirstAsync(cancelled.TrainingId, cancelled.Model, cancelled, jobs.Close(cancelled.TrainingId, "cancelled", null, $"by {cancelled.By}: {cancelled.Reason}"));

    /// <summary>The event that answered a training; null as long as there is none.</summary>
    public async Task<object?> FindAsync(string trainingId, CancellationToken cancel = default)
        => await reader.FindEventAsync(TrainingEventIds.Outcome(trainingId), cancel) is { } e ? types.Decode(e) : null;

    /// <summary>The event that answered a training, as <see cref="FindAsync"/>; its job is closed for it if nobody has done that yet.</summary>
    public async Task<object?> AnsweredAsync(string trainingId, CancellationToken cancel = default)
    {
        var outcome = await FindAsync(trainingId, cancel);
        SideRow? close = outcome switch
        {
            ModelTrained trained => jobs.Close(trainingId, "trained", trained.Version, null),
            TrainingFailed failed => jobs.Close(trainingId, "failed", null, failed.Reason),
            TrainingCancelled cancelled => jobs.Close(trainingId, "cancelled", null, $"by {cancelled.By}: {cancelled.Reason}"),
            _ => null,
        };
        if (close is not null)
            await jobs.RunAsync(close, cancel);
        return outcome;
    }

    private async Task<object> FirstAsync<T>(string trainingId, string model, T outcome, SideRow close) where T : notnull
    {
        try
        {
            await AppendAsync(trainingId, model, outcome, ExpectedVersion.Any, close);
            return outcome;
        }
        catch (Exception e) when (e is DuplicateEventException or AppendOutcomeUnknownException)
        {
            if (await AnsweredAsync(trainingId) is { } first)
                return first;
            throw;
        }
    }

    private async Task AppendAsync<T>(string trainingId, string model, T outcome, ExpectedVersion expected, SideRow close) where T : notnull
        => await appender.AppendAsync(new(
            [new(StreamIds.Model(model), expected, [types.Encode(TrainingEventIds.Outcome(trainingId), outcome, trainingId, TrainingEventIds.Request(trainingId).ToString("N"))])], [close]));
}
