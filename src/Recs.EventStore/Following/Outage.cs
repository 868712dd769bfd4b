using System.Net.Sockets;
using Npgsql;

namespace Recs.EventStore.Following;

/// <summary>Tells a database that is away or busy (try again) from a statement that it refused (a mistake).</summary>
internal static class Outage
{
    /// <summary>Whether trying again later, on a new connection, may do.</summary>
    public static bool Is(Exception e) => e switch
    {
        // Connection exceptions, insufficient resources, operator intervention (shutdown, terminated backend), system error.
        PostgresException p => p.IsTransient || p.SqlState[..2] is "08" or "53" or "57" or "58" or "40",
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        // Npgsql says this when a connection broke between two statements.
        InvalidOperationException i => i.Message.Contains("onnection is not open", StringComparison.Ordinal),
        _ => false,
    };
}

/// <summary>Waits longer from failure to failure: 100 ms, doubling to 2 s.</summary>
internal sealed class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private TimeSpan next = First;

    /// <summary>It worked: the next failure waits the shortest time again.</summary>
    public void Reset() => next = First;

    /// <summary>Waits; returns at once when cancelled.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        await Task.Delay(next, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        next = next * 2 < Longest ? next * 2 : Longest;
    }
}
