using Npgsql;
using Recs.EventStore;
using Recs.Training.Fitting;

namespace Recs.Training.Trainings;

/// <summary>A job that this process holds.</summary>
/// <param name="TrainingId">The job.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="Model">Model name.</param>
/// <param name="Version">Version to reproduce; null for a training.</param>
/// <param name="Attempt">Counts the holders so far, this one included.</param>
/// <param name="Fence">Proves that nobody took the job over since.</param>
public sealed record TrainingLease(string TrainingId, JobKind Kind, string Model, string? Version, int Attempt, long Fence);

/// <summary>
/// Who carries out which job: a lease in <c>recs_training_jobs</c>, by the database's clock, with one winner. Whoever stops giving signs of life loses it to
/// the next who asks.
/// </summary>
public sealed class TrainingLeases(NpgsqlDataSource source, EventStoreOptions options, TrainingOptions training)
{
    private string Table => $"{options.Schema}.recs_training_jobs";

    /// <summary>Takes the job that is open and that nobody alive holds: the one with the fewest attempts, so that one that keeps failing lets others pass, then the oldest.</summary>
    /// <returns>Null if there is none.</returns>
    public Task<TrainingLease?> ClaimAsync(CancellationToken cancel = default) => ClaimAsync(null, cancel);

    /// <summary>Takes a job if it is open and nobody alive holds it.</summary>
    /// <param name="trainingId">The job; null for the one with the fewest attempts.</param>
    /// <param name="cancel">Stops the statement.</param>
    /// <returns>Null if it is not to be had.</returns>
    public async Task<TrainingLease?> ClaimAsync(string? trainingId, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             update {Table} set holder = $1, attempts = attempts + 1, fence = fence + 1, expires_at = clock_timestamp() + $2, phase = null, fraction = 0, loss = null, validation = null
             where training_id = (select training_id from {Table} where ended_at is null and (holder is null or expires_at < clock_timestamp()){(trainingId is null ? "" : " and training_id = $3")}
                                  order by attempts, requested_at, training_id limit 1 for update skip locked)
             returning training_id, kind, model, version, attempts, fence
             """);
        Add(command, training.Holder, training.Lease);
        if (trainingId is not null)
            Add(command, trainingId);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(row.GetString(0), JobKinds.Parse(row.GetString(1)), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetInt32(4), row.GetInt64(5))
            : null;
    }

    /// <summary>A sign of life that tells how far the job is.</summary>
    /// <returns>False if the job ended or somebody else holds it now.</returns>
    public async Task<bool> RenewAsync(TrainingLease lease, FitProgress progress, CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(
            $"""
             with beat as (update {Table} set expires_at = clock_timestamp() + $3, phase = $4, fraction = $5, loss = $6, validation = $7
                           where training_id = $1 and fence = $2 and ended_at is null returning training_id)
             select count(pg_notify('{TrainingNews.Channel}', training_id)) from beat
             """);
        Add(command, lease.TrainingId, lease.Fence, training.Lease, progress.Phase ?? "", progress.Fraction, Number(progress.Loss), Number(progress.Validation));
        return await command.ExecuteScalarAsync(cancel) is 1L;
    }

    /// <summary>Gives the job back undone: another process, or this one after a restart, takes it at once.</summary>
    /// <param name="lease">The job.</param>
    /// <param name="tried">It was an attempt; else it is as if it had not been taken.</param>
    /// <param name="cancel">Stops the statement.</param>
    public async Task ReleaseAsync(TrainingLease lease, bool tried, CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(
            $"""
             with freed as (update {Table} set holder = null, expires_at = null, attempts = attempts - $3, fence = fence + 1, phase = null, fraction = 0, loss = null, validation = null
                            where training_id = $1 and fence = $2 and ended_at is null returning training_id)
             select count(pg_notify('{TrainingNews.Channel}', training_id)) from freed
             """);
        Add(command, lease.TrainingId, lease.Fence, tried ? 0 : 1);
        await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>A fit that has just diverged tells a loss that is no number, and JSON has no word for it.</summary>
    private static object Number(double? value) => value is { } number && double.IsFinite(number) ? number : DBNull.Value;

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
            command.Parameters.Add(value is DBNull ? new() { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Double } : new() { Value = value });
    }
}
