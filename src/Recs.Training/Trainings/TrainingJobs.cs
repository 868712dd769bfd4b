using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Training.Trainings;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>Fits a new version: asked for and answered by events.</summary>
    Training,
    /// <summary>Fits an old version again and compares the bytes: changes nothing, so it is a row only.</summary>
    Reproduction,
}

/// <summary>Kinds as the table names them.</summary>
internal static class JobKinds
{
    public static string Word(this JobKind kind) => kind == JobKind.Training ? "training" : "reproduction";

    public static JobKind Parse(string word) => word == "training" ? JobKind.Training : JobKind.Reproduction;
}

/// <summary>How a job stands.</summary>
/// <param name="TrainingId">The job.</param>
/// <param name="Kind"><c>training</c> or <c>reproduction</c>.</param>
/// <param name="Model">Model name.</param>
/// <param name="State">
/// <c>requested</c> (nobody works on it yet), <c>running</c>, <c>waiting</c> (its worker fell silent; another takes it over), or how it ended: <c>trained</c>,
/// <c>failed</c>, <c>cancelled</c>, <c>identical</c>, <c>different</c>, <c>damaged-snapshot</c>, <c>missing-snapshot</c>.
/// </param>
/// <param name="Version">Version that came out or that is reproduced; null before there is one.</param>
/// <param name="Detail">Why it failed, who called it off, what differs; null if there is nothing to say.</param>
/// <param name="Attempt">Workers that took it so far.</param>
/// <param name="Worker">Machine and process that works on it; null if none does.</param>
/// <param name="Phase">What the fit is doing, such as <c>factor</c>.</param>
/// <param name="Fraction">Done, 0 to 1.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Reason">Why.</param>
/// <param name="RequestedAt">When, by the database's clock.</param>
/// <param name="EndedAt">When it ended; null before.</param>
/// <param name="Loss">What the last iteration lost on the training data, in the model's own terms; null for a fit without iterations.</param>
/// <param name="Validation">What it then reaches on movies that it does not learn from, NDCG@10; null for a fit that keeps none back.</param>
public sealed record TrainingStatus(
    string TrainingId, string Kind, string Model, string State, string? Version, string? Detail, int Attempt, string? Worker, string? Phase, double Fraction,
    string RequestedBy, string Reason, DateTimeOffset RequestedAt, DateTimeOffset? EndedAt, double? Loss = null, double? Validation = null)
{
    /// <summary>Whether nothing more will happen.</summary>
    public bool Ended => EndedAt is not null;
}

/// <summary>The rows of jobs: opened with the request, closed with the outcome, each in the transaction of its event.</summary>
public sealed class TrainingJobs(NpgsqlDataSource source, EventStoreOptions options, TrainingOptions training)
{
    /// <summary>Jobs that may be open at once; whoever asks for more is told to come back.</summary>
    public const int MostOpen = 100;

    private string Table => $"{options.Schema}.recs_training_jobs";

    /// <summary>The row of a job that is asked for.</summary>
    /// <param name="kind">What it does.</param>
    /// <param name="trainingId">The job.</param>
    /// <param name="model">Model name.</param>
    /// <param name="version">Version to reproduce; null for a training.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="heldHere">This process carries it out itself, at once: nobody else may take it as long as it lives.</param>
    internal SideRow Open(JobKind kind, string trainingId, string model, string? version, string by, string reason, bool heldHere) => new(
        $"""
         with opened as (
           insert into {Table} (training_id, kind, model, version, requested_by, reason, holder, attempts, fence, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, case when $7 is null then 0 else 1 end, case when $7 is null then 0 else 1 end, clock_timestamp() + $8) returning training_id)
         select pg_notify('{TrainingNews.Channel}', training_id) from opened
         """,
        Parameters(trainingId, kind.Word(), model, version, by, reason, heldHere ? training.Holder : null, training.Lease));

    /// <summary>The row of a job that ended.</summary>
    /// <param name="trainingId">The job.</param>
    /// <param name="outcome">How.</param>
    /// <param name="version">Version that came out; null leaves the row's.</param>
    /// <param name="detail">Why; null if there is nothing to say.</param>
    /// <param name="fence">Of the lease that the result came from: of a former holder it changes nothing. Null where the log has decided, or somebody calls it off.</param>
    internal SideRow Close(string trainingId, string outcome, string? version, string? detail, long? fence = null) => new(
        $"""
         with closed as (
           update {Table} set outcome = $2, version = coalesce($3, version), detail = $4, ended_at = clock_timestamp(), fraction = case when $2 in ('failed', 'cancelled') then fraction else 1 end
           where training_id = $1 and ended_at is null{(fence is null ? "" : " and fence = $5")} returning training_id)
         select pg_notify('{TrainingNews.Channel}', training_id) from closed
         """,
        fence is { } held ? Parameters(trainingId, outcome, version, detail, held) : Parameters(trainingId, outcome, version, detail));

    /// <summary>Runs one of the statements by itself, for a job that has no events.</summary>
    /// <returns>Whether it changed the table.</returns>
    internal async Task<bool> RunAsync(SideRow row, CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(row.Sql);
        foreach (var parameter in row.Parameters) command.Parameters.Add(parameter);
        return await command.ExecuteScalarAsync(cancel) is not null;
    }

    /// <summary>How a job stands; null if there is none of this id.</summary>
    public async Task<TrainingStatus?> FindAsync(string trainingId, CancellationToken cancel = default)
        => (await ReadAsync("where training_id = $1", trainingId, cancel)).SingleOrDefault();

    /// <summary>The newest jobs, newest first.</summary>
    public Task<IReadOnlyList<TrainingStatus>> NewestAsync(int count, CancellationToken cancel = default)
        => ReadAsync("order by requested_at desc, training_id limit $1", count, cancel);

    /// <summary>Jobs that have not ended, oldest first; at most <paramref name="count"/>.</summary>
    public Task<IReadOnlyList<TrainingStatus>> OpenAsync(int count, CancellationToken cancel = default)
        => ReadAsync("where ended_at is null order by requested_at, training_id limit $1", count, cancel);

    /// <summary>Trainings that are open and that nobody alive holds, oldest first.</summary>
    public Task<IReadOnlyList<TrainingStatus>> IdleTrainingsAsync(CancellationToken cancel = default)
        => ReadAsync("where ended_at is null and kind = $1 and (holder is null or expires_at < clock_timestamp()) order by requested_at, training_id", JobKind.Training.Word(), cancel);

    /// <summary>Jobs that have not ended.</summary>
    public async Task<long> CountOpenAsync(CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand($"select count(*) from {Table} where ended_at is null");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private async Task<IReadOnlyList<TrainingStatus>> ReadAsync(string clause, object value, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             select training_id, kind, model,
                    case when ended_at is not null then outcome when holder is null then 'requested' when expires_at < clock_timestamp() then 'waiting' else 'running' end,
                    version, detail, attempts, case when ended_at is null and expires_at >= clock_timestamp() then holder end, phase, fraction, requested_by, reason, requested_at, ended_at, loss, validation
             from {Table} {clause}
             """);
        command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var found = new List<TrainingStatus>();
        while (await row.ReadAsync(cancel))
            found.Add(new(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Text(row, 4), Text(row, 5), row.GetInt32(6), Text(row, 7), Text(row, 8), row.GetDouble(9),
                row.GetString(10), row.GetString(11), row.GetFieldValue<DateTimeOffset>(12), row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13), Number(row, 14), Number(row, 15)));
        return found;
    }

    /// <summary>Null for what is no number, too: such a loss was once kept of fits that diverged.</summary>
    private static double? Number(NpgsqlDataReader row, int column) => !row.IsDBNull(column) && row.GetDouble(column) is var number && double.IsFinite(number) ? number : null;

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static NpgsqlParameter[] Parameters(params ReadOnlySpan<object?> values)
    {
        var parameters = new NpgsqlParameter[values.Length];
        for (var i = 0; i < values.Length; i++)
            parameters[i] = values[i] is null or string
                ? new() { Value = values[i] ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Varchar }
                : new() { Value = values[i] };
        return parameters;
    }
}
