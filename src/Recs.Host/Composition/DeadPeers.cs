using Npgsql;

namespace Recs.Host.Composition;

/// <summary>
/// Makes the database server notice when the host of a connection vanishes without a word (power, network): by default it would wait for hours, and with it
/// everybody who waits for what the dead host had locked or was about to write.
/// </summary>
internal static class DeadPeers
{
    private const string Marker = "tcp_keepalives_idle";

    /// <summary>A silent peer is asked after 2 s, then each second, and given up after three unanswered questions or 5 s of unconfirmed data.</summary>
    private const string Settings = $"-c {Marker}=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c tcp_user_timeout=5000";

    /// <summary>The connection string with these settings for each session, unless its <c>Options</c> have their own.</summary>
    public static string Noticed(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (builder.Options?.Contains(Marker, StringComparison.Ordinal) is true)
            return connectionString;
        builder.Options = string.IsNullOrEmpty(builder.Options) ? Settings : $"{builder.Options} {Settings}";
        return builder.ConnectionString;
    }
}
