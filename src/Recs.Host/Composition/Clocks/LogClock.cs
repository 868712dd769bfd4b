using Npgsql;
using Recs.Host.CommandLine;

namespace Recs.Host.Composition.Clocks;

/// <summary>
/// The time in which this process and every other one at the same log live. Each holds a lock that they share, for as long as it lives, so that whoever comes next
/// knows whether it may begin another time or must join theirs.
/// </summary>
internal sealed class LogClock : IAsyncDisposable
{
    /// <summary>A process that was killed leaves its connection to the server for a moment.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Pause = TimeSpan.FromMilliseconds(50);

    private readonly NpgsqlDataSource source;
    private readonly ClockTable table;
    private readonly RecordedClock? recorded;
    private readonly CancellationTokenSource stop = new();
    private readonly Task holding;

    private LogClock(NpgsqlDataSource source, ClockTable table, ClockDecision decision, DateTimeOffset serverNow, NpgsqlConnection held)
    {
        (this.source, this.table, recorded, Note) = (source, table, decision.Clock, decision.Note);
        Provider = recorded is null ? TimeProvider.System : new SimulatedClock(recorded.Time, serverNow - recorded.AnchoredAt, TimeProvider.System);
        holding = HoldAsync(held);
    }

    /// <summary>The clock of all that the domain says and decides.</summary>
    public TimeProvider Provider { get; }

    /// <summary>The simulated time; null in real time.</summary>
    public SimulatedTime? Simulated => recorded?.Time;

    /// <summary>What a person should know of how it came to be; null for nothing.</summary>
    public string? Note { get; }

    /// <summary>Why this process no longer knows in which time the others live; null as long as it does.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Finds out in which time to live, and takes part in it.</summary>
    /// <param name="source">The database, its schema up to date.</param>
    /// <param name="schema">Schema of the log.</param>
    /// <param name="asked">What <c>--clock</c> says; null for nothing.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="UsageException">What was asked for cannot be.</exception>
    public static async Task<LogClock> TakeAsync(NpgsqlDataSource source, string schema, AskedClock? asked, CancellationToken cancel)
    {
        var table = new ClockTable(schema);
        var connection = await source.OpenConnectionAsync(cancel);
        try
        {
            var alone = await IsAloneAsync(connection, table, asked, cancel);
            if (!alone)
                await table.ShareAsync(connection, cancel);
            var state = await table.ReadAsync(connection, inUse: !alone, cancel);
            var decision = ClockDecision.Of(asked, state);
            if (alone)
                await table.BeginAsync(connection, decision.Clock, cancel);
            return new(source, table, decision, state.Now, connection);
        }
        catch
        {
            await ClockTable.LetGoAsync(connection);
            throw;
        }
    }

    /// <summary>Lets go of the time: whoever comes when nobody is left may begin another.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await holding;
        stop.Dispose();
    }

    /// <summary>Whether nobody else is at the log. Whoever wants to begin a time waits for a moment until others are gone; whoever joins need not.</summary>
    private static async Task<bool> IsAloneAsync(NpgsqlConnection connection, ClockTable table, AskedClock? asked, CancellationToken cancel)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await table.TryTakeAloneAsync(connection, cancel))
        {
            if (asked is null || TimeProvider.System.GetElapsedTime(begun) > Patience)
                return false;
            await Task.Delay(Pause, cancel);
        }
        return true;
    }

    /// <summary>Keeps the lock, and takes it again when the connection was lost.</summary>
    private async Task HoldAsync(NpgsqlConnection held)
    {
        var connection = held;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ClockTable.WaitUntilLostAsync(connection, stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or NpgsqlException or InvalidOperationException or IOException)
            {
                await ClockTable.LetGoAsync(connection); // lost, or let go of on purpose
            }
            if (!stop.IsCancellationRequested)
                connection = await TakeAgainAsync(connection);
        }
    }

    private async Task<NpgsqlConnection> TakeAgainAsync(NpgsqlConnection lost)
    {
        try
        {
            var connection = await source.OpenConnectionAsync(stop.Token);
            await table.ShareAsync(connection, stop.Token);
            var now = (await table.ReadAsync(connection, inUse: true, stop.Token)).Recorded;
            Trouble = now == recorded ? null : "Another process began another time while this one was cut off from the database; start this one again.";
            return connection;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            await Task.Delay(Pause, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return lost; // waiting on it fails at once, and so it goes round until the server is back
        }
    }
}
