using Npgsql;
using Recs.EventStore.Appending;

namespace Recs.EventStore.Importing;

/// <summary>
/// Stores a large ordered input by parallel COPY, committed in order in ranges, each with its checkpoint: a kill leaves a prefix. The result is
/// the same as appending one by one. Event ids must be deterministic: a second run adds nothing and counts duplicates.
/// </summary>
/// <remarks>
/// Where a live append meets a range, the range is done again alone, with its stream rows locked first; the longer that goes on, the longer the
/// import stays in that slower way, so that it always ends and never makes a live append fail.
/// </remarks>
public sealed class BulkImport(NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>Largest range that is stored with its stream rows locked: bounds how long a live append to one of them waits.</summary>
    private const int MaxAlone = 10_000;
    private const int MaxAttempts = 20;

    /// <summary>
    /// Lets finished imports begin again: the next run looks each event up and counts it, rather than trust that the log still is what it was.
    /// </summary>
    /// <param name="keys">Keys of the inputs; all begin again, or none.</param>
    /// <param name="cancel">Stops.</param>
    public async Task RestartAsync(string[] keys, CancellationToken cancel = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await ImportCheckpoint.ForgetAsync(connection, options.Schema, keys, cancel);
    }

    /// <summary>Runs or resumes the import; a finished one returns its counts, see <see cref="RestartAsync"/>.</summary>
    /// <param name="input">Input.</param>
    /// <param name="progress">Told after each range.</param>
    /// <param name="workers">Ranges that are copied side by side.</param>
    /// <param name="rangeSize">Events of a range, or what else the input counts.</param>
    /// <param name="analyze">Whether to refresh the planner's statistics at the end; false if another import follows at once.</param>
    /// <param name="cancel">Stops at once; what was committed stays and the next run goes on from there.</param>
    /// <exception cref="StreamArchivedException">An event's stream is archived; nothing of its range was stored.</exception>
    /// <exception cref="InvalidOperationException">Another process imports the same input right now.</exception>
    public Task<ImportResult> RunAsync(
        IImportSource input, IProgress<ImportProgress>? progress = null, int workers = 3, int rangeSize = 20_000, bool analyze = true,
        CancellationToken cancel = default) => RunAsync(new ForwardSource(input), progress, workers, rangeSize, analyze, cancel);

    /// <inheritdoc cref="RunAsync(IImportSource, IProgress{ImportProgress}?, int, int, bool, CancellationToken)"/>
    public async Task<ImportResult> RunAsync(
        IImportStream input, IProgress<ImportProgress>? progress = null, int workers = 3, int rangeSize = 20_000, bool analyze = true,
        CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rangeSize, 1);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var alone = await ImportLock.TakeAsync(connection, options.Schema, input.Key, cancel);
        var inParallel = await MaySkipForeignKeyAsync(connection, cancel);
        var run = new Run(connection, source, options, input, progress, inParallel);
        await run.ToEndAsync(workers, rangeSize, cancel);
        if (analyze) await ExecuteAsync(connection, $"analyze {options.Schema}.mt_events, {options.Schema}.mt_streams", cancel);
        return new(run.Progress, run.ResumedFrom, inParallel, run.Conflicts);
    }

    private static async Task<bool> MaySkipForeignKeyAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        try
        {
            await ExecuteAsync(connection, "set local session_replication_role = replica", cancel);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The course of one run.</summary>
    private sealed class Run(
        NpgsqlConnection connection, NpgsqlDataSource source, EventStoreOptions options, IImportStream input, IProgress<ImportProgress>? progress,
        bool inParallel)
    {
        private readonly RangeWriter writer = new(source, options, input.Key, skipForeignKey: inParallel);

        public ImportProgress Progress { get; private set; }
        public long ResumedFrom { get; private set; }
        public int Conflicts { get; private set; }

        public async Task ToEndAsync(int workers, int rangeSize, CancellationToken cancel)
        {
            // A plan made before the first ANALYZE must not read the whole table to look up ids.
            await ExecuteAsync(connection, "set enable_seqscan = off", cancel);
            Progress = await ImportCheckpoint.BeginAsync(connection, options, input, cancel);
            ResumedFrom = Progress.Position;
            for (var alone = 1L; Progress.Position < input.End; alone *= 2)
            {
                if (inParallel)
                {
                    if (await TryInParallelAsync(workers, rangeSize, cancel)) return;
                    await ReadCheckpointAsync(cancel);
                }
                var size = Math.Min(rangeSize, MaxAlone);
                var ranges = inParallel ? (alone * rangeSize + size - 1) / size : long.MaxValue;
                for (; ranges > 0 && Progress.Position < input.End; ranges--) await StoreAloneAsync(size, cancel);
            }
        }

        /// <returns>False if a live append came in between: what was committed before it stays.</returns>
        private async Task<bool> TryInParallelAsync(int workers, int rangeSize, CancellationToken cancel)
        {
            var planner = new RangePlanner(connection, options.Schema, input);
            var inFlight = new Queue<(PlannedRange Range, RangeTurn Turn, Task Stored)>();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            RangeTurn? turn = null;
            try
            {
                for (var from = Progress.Position; from < input.End;)
                {
                    var range = await planner.PlanAsync(from, rangeSize, [.. inFlight.Select(f => f.Range)], cancel);
                    from = range.To;
                    turn = new RangeTurn(turn);
                    var mine = turn;
                    inFlight.Enqueue((range, mine, Task.Run(() => writer.StoreInTurnAsync(range, mine, stop.Token), stop.Token)));
                    while (inFlight.Count >= workers + 1 || inFlight.TryPeek(out var first) && first.Turn.IsCommitted) await EndFirstAsync(inFlight);
                }
                while (inFlight.Count > 0) await EndFirstAsync(inFlight);
                return true;
            }
            catch (RangeConflictException)
            {
                Conflicts++;
                return false;
            }
            finally
            {
                if (inFlight.Count > 0)
                {
                    await stop.CancelAsync();
                    // What they threw follows from what is being thrown already.
                    await Task.WhenAll(inFlight.Select(f => f.Stored)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        private async Task EndFirstAsync(Queue<(PlannedRange Range, RangeTurn Turn, Task Stored)> inFlight)
        {
            await inFlight.Peek().Stored;
            Passed(inFlight.Dequeue().Range);
        }

        private async Task StoreAloneAsync(int size, CancellationToken cancel)
        {
            for (var attempt = 1; ; attempt++)
            {
                var planner = new RangePlanner(connection, options.Schema, input);
                var range = await planner.PlanAsync(Progress.Position, size, [], cancel);
                try
                {
                    await writer.StoreAloneAsync(range, cancel);
                    Passed(range);
                    return;
                }
                catch (RangeConflictException) when (attempt < MaxAttempts)
                {
                    Conflicts++;
                    await ReadCheckpointAsync(cancel);
                }
            }
        }

        private async Task ReadCheckpointAsync(CancellationToken cancel)
            => Progress = await ImportCheckpoint.FindAsync(connection, options.Schema, input.Key, cancel)
                ?? throw new InvalidOperationException($"The checkpoint of import '{input.Key}' was deleted while it ran.");

        private void Passed(PlannedRange range)
        {
            Progress = new(range.To, input.End, Progress.Stored + range.Count, Progress.Duplicates + range.Duplicates);
            range.Release();
            progress?.Report(Progress);
        }
    }
}
