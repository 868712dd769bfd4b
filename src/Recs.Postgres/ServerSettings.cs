using System.Text;

namespace Recs.Postgres;

/// <summary>The configuration of a private cluster, written anew at each start so that a newer version of the program brings newer settings.</summary>
internal static class ServerSettings
{
    private const long MiB = 1 << 20;

    /// <summary>Writes <c>postgresql.conf</c>, <c>pg_hba.conf</c> and <c>pg_ident.conf</c>.</summary>
    public static void Write(ClusterFolder folder, ClusterOptions options)
    {
        File.WriteAllText(Path.Combine(folder.Data, "postgresql.conf"), Configuration(folder, options));
        // The kernel vouches for who is at the other end of a Unix socket: no password to keep, and nobody else gets in.
        File.WriteAllText(Path.Combine(folder.Data, "pg_hba.conf"), "local all all peer map=owner\n");
        var accounts = new[] { Environment.UserName, folder.Account.Dropped }.Where(name => name is not null).Distinct();
        File.WriteAllText(Path.Combine(folder.Data, "pg_ident.conf"), string.Concat(accounts.Select(name => $"owner \"{name}\" {options.User}\n")));
    }

    private static string Configuration(ClusterFolder folder, ClusterOptions options)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var buffers = options.Durable ? Math.Clamp(memory / 8, 128 * MiB, 1024 * MiB) : 128 * MiB;
        var text = new StringBuilder($"""
            # Written at every start; changes here are lost.
            listen_addresses = ''
            port = {EmbeddedPostgres.Port}
            unix_socket_directories = '{folder.Socket.Replace("'", "''", StringComparison.Ordinal)}'
            unix_socket_permissions = 0700
            max_connections = 200
            shared_buffers = {buffers / MiB}MB
            work_mem = 32MB
            maintenance_work_mem = 256MB
            wal_compression = on
            wal_buffers = 16MB
            max_wal_size = 4GB
            checkpoint_timeout = 15min
            random_page_cost = 1.1
            jit = off
            timezone = 'UTC'
            log_timezone = 'UTC'
            log_min_messages = warning
            log_line_prefix = '%m [%p] '

            """);
        text.AppendLine(options.Durable
            ? "fsync = on\nsynchronous_commit = on\nfull_page_writes = on"
            : "fsync = off\nsynchronous_commit = on\nfull_page_writes = off\nautovacuum_naptime = 10min\nmax_prepared_transactions = 10");
        return text.ToString();
    }
}
