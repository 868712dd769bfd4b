using System.Data;
using System.Diagnostics;
using Npgsql;

namespace Recs.EventStore.Appending;

/// <summary>A writer's own connection, opened when needed and again after a loss, with the writer's session settings.</summary>
internal sealed class WriterConnection(NpgsqlDataSource source) : IAsyncDisposable
{
    private NpgsqlConnection? connection;
    private Backend? backend;

    /// <summary>A server process, told from a later one with the same number by its start.</summary>
    private sealed record Backend(int Pid, DateTime Start);

    /// <summary>Whether the connection is still good for the next statement.</summary>
    public bool Intact => connection is { State: ConnectionState.Open };

    /// <summary>The connection, opened if there is none.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        if (Intact) return connection!;
        await DropAsync();
        var fresh = await source.OpenConnectionAsync();
        try
        {
            await using (var settings = new NpgsqlCommand(AppendStatement.SessionSettings, fresh)) await settings.ExecuteNonQueryAsync();
            await using var self = new NpgsqlCommand("select pid, backend_start from pg_stat_activity where pid = pg_backend_pid()", fresh);
            await using var row = await self.ExecuteReaderAsync();
            await row.ReadAsync();
            backend = new(row.GetInt32(0), row.GetDateTime(1));
        }
        catch
        {
            await fresh.DisposeAsync();
            throw;
        }

        return connection = fresh;
    }

    /// <summary>
    /// After a loss: opens a new connection and makes sure that the old server process is gone, so that what it left undone stays undone.
    /// </summary>
    /// <exception cref="TimeoutException">It could not be made sure in time.</exception>
    public async Task<NpgsqlConnection> ReplaceLostAsync(TimeSpan patience)
    {
        var lost = backend;
        await DropAsync();
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var fresh = await OpenAsync();
                if (lost is null || await IsGoneAsync(fresh, lost)) return fresh;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(since) < patience)
            {
                // The server may be restarting: asked again until patience ends.
                await DropAsync();
            }

            if (Stopwatch.GetElapsedTime(since) >= patience)
                throw new TimeoutException($"Server process {lost?.Pid} of a lost connection is still there after {patience.TotalSeconds:0} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private static async Task<bool> IsGoneAsync(NpgsqlConnection fresh, Backend lost)
    {
        await using var end = new NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity where pid = $1 and backend_start = $2", fresh);
        end.Parameters.Add(new NpgsqlParameter<int> { TypedValue = lost.Pid });
        end.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = lost.Start });
        return await end.ExecuteScalarAsync() is null;
    }

    /// <summary>Closes the connection, if there is one.</summary>
    public async Task DropAsync()
    {
        var (old, _) = (connection, connection = null);
        backend = null;
        if (old is null) return;
        try
        {
            await old.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            // Its server process was dead already; the idle ones beside it may be too.
            NpgsqlConnection.ClearPool(old);
        }
    }

    public async ValueTask DisposeAsync() => await DropAsync();
}
