using Npgsql;

namespace Recs.EventStore.Following;

/// <summary>
/// Hears of appends by other processes: LISTEN on Recs's channel and on the one of Marten applications that notify. Only a hint to look
/// earlier; while nothing can be heard, whatever the reason, polling carries on and the listener comes back on its own.
/// </summary>
internal sealed class AppendListener(NpgsqlDataSource source, Action heard)
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(30);

    /// <summary>Listens until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var backOff = new BackOff();
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(backOff, cancel);
            }
            catch (Exception) when (cancel.IsCancellationRequested)
            {
                return; // also when closing a connection that was lost failed
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                await backOff.WaitAsync(cancel);
            }
        }
    }

    private async Task ListenAsync(BackOff backOff, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notification += (_, _) => heard();
        await using (var listen = new NpgsqlCommand(AppendChannels.Listen, connection))
            await listen.ExecuteNonQueryAsync(cancel);
        backOff.Reset();
        heard(); // whatever was appended while nobody listened
        await using var probe = new NpgsqlCommand("select 1", connection);
        while (true)
        {
            // A server that vanished without a word is noticed by the probe at the latest.
            if (!await connection.WaitAsync(ProbeInterval, cancel)) await probe.ExecuteNonQueryAsync(cancel);
        }
    }
}
