using System.Threading.Channels;
using Npgsql;
using Recs.EventStore.Following;
using Recs.EventStore.Telemetry;

namespace Recs.EventStore.Appending;

/// <summary>
/// Wakes other processes after commits: <c>NOTIFY recs_appended</c> with the highest sequence, and Marten's <c>mt_events_appended</c>. In a
/// transaction and on a connection of its own, because NOTIFY makes commits wait for each other; many commits share one notification.
/// A notification is a hint only: who misses it polls. So whatever keeps one from being sent ends nothing: the next commit tries again.
/// </summary>
internal sealed class CommitNotifications : IAsyncDisposable
{
    /// <summary>Commits within this time share a notification.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(5);

    private readonly Channel<bool> posted = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly NpgsqlDataSource source;
    private readonly Task sending;
    private long highest;

    public CommitNotifications(NpgsqlDataSource source)
    {
        this.source = source;
        sending = Task.Run(SendAsync);
    }

    /// <summary>Something was committed.</summary>
    public void Post(long sequence)
    {
        // Writers may post out of order.
        for (var seen = Volatile.Read(ref highest); seen < sequence;)
        {
            var before = Interlocked.CompareExchange(ref highest, sequence, seen);
            if (before == seen) break;
            seen = before;
        }

        posted.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        posted.Writer.Complete();
        await sending;
    }

    private async Task SendAsync()
    {
        NpgsqlConnection? connection = null;
        await foreach (var _ in posted.Reader.ReadAllAsync())
        {
            try
            {
                connection ??= await OpenAsync();
                await using var notify = new NpgsqlCommand(AppendChannels.Notify, connection);
                notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Volatile.Read(ref highest).ToString() });
                await notify.ExecuteNonQueryAsync();
            }
            catch (Exception lost) when (lost is not OutOfMemoryException)
            {
                AppendInstruments.LostNotifications.Add(1);
                await CloseAsync(connection);
                connection = null;
            }

            await Task.Delay(Apart);
        }

        await CloseAsync(connection);
    }

    private static async Task CloseAsync(NpgsqlConnection? connection)
    {
        if (connection is null) return;
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception e) when (Outage.Is(e))
        {
            // Its server process was dead already; the idle ones beside it may be too.
            NpgsqlConnection.ClearPool(connection);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = await source.OpenConnectionAsync();
        try
        {
            // Nothing durable is written here; the commit need not wait for the disk.
            await using var settings = new NpgsqlCommand("set synchronous_commit = off", connection);
            await settings.ExecuteNonQueryAsync();
            return connection;
        }
        catch (Exception)
        {
            await CloseAsync(connection);
            throw;
        }
    }
}
