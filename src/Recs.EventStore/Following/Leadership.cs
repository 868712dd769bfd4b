using System.Data;
using Npgsql;

namespace Recs.EventStore.Following;

/// <summary>What one node of several does, the others standing by.</summary>
public interface ILedWork
{
    /// <summary>Called about twice a second while another node leads.</summary>
    /// <param name="connection">Open connection, which does not hold the lock.</param>
    /// <param name="cancel">The work is to end.</param>
    Task StandByAsync(NpgsqlConnection connection, CancellationToken cancel);

    /// <summary>Leads until cancelled, or until it throws.</summary>
    /// <param name="connection">The connection that holds the lock. Whatever must not be written by two nodes is written through it: who loses the lock cannot write.</param>
    /// <param name="cancel">The work is to end.</param>
    /// <exception cref="FencedException">Somebody else moved what only the leader moves.</exception>
    Task LeadAsync(NpgsqlConnection connection, CancellationToken cancel);

    /// <summary>The lead was lost; it is tried for again.</summary>
    /// <param name="why">For a person.</param>
    void Lost(string why);
}

/// <summary>What only the leader moves is not where it left it: somebody else took over. The message names what.</summary>
public sealed class FencedException(string message) : Exception(message);

/// <summary>
/// Lets one node of all that work over one database lead, by an advisory lock that lives as long as the connection's session. A node that stands by takes
/// over within seconds, also when the leader's host vanished without a word. Outages of the database are waited out.
/// </summary>
/// <param name="source">Database.</param>
/// <param name="name">What is led; the same on every node.</param>
public sealed class Leadership(NpgsqlDataSource source, string name)
{
    private static readonly TimeSpan StandbyPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>Stands by and leads in turns until cancelled; then returns.</summary>
    public async Task RunAsync(ILedWork work, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(work);
        var backOff = new BackOff();
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                backOff.Reset();
                while (!await TryLockAsync(connection, cancel))
                {
                    await work.StandByAsync(connection, cancel);
                    await Task.Delay(StandbyPoll, cancel);
                }
                try
                {
                    await work.LeadAsync(connection, cancel);
                }
                finally
                {
                    await LetGoAsync(connection);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (FencedException e)
            {
                work.Lost(e.Message);
                await backOff.WaitAsync(cancel);
            }
            catch (Exception e) when (Outage.Is(e))
            {
                work.Lost($"The database is away: {e.Message} Trying again.");
                await backOff.WaitAsync(cancel);
            }
        }
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // A host that vanishes without a word is noticed by the server in about five seconds, so that a standby can take over.
        await using var notice = new NpgsqlCommand(
            "set tcp_keepalives_idle = 2; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3; set tcp_user_timeout = 5000;", connection);
        await notice.ExecuteNonQueryAsync(cancel);
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>A pooled connection keeps its locks until somebody uses it again, so they are given back by hand.</summary>
    private static async Task LetGoAsync(NpgsqlConnection connection)
    {
        if (connection.FullState != ConnectionState.Open) return;
        try
        {
            await using var unlock = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            // The session is gone, and its locks with it: that is what was wanted.
        }
    }
}
