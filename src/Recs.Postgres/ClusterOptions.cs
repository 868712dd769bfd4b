namespace Recs.Postgres;

/// <summary>Which private cluster to run, and how.</summary>
public sealed record ClusterOptions
{
    /// <summary>Folder that holds the cluster and its lock files, such as <c>.recs</c>; created if missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Superuser of the cluster.</summary>
    public required string User { get; init; }

    /// <summary>Database that <see cref="EmbeddedPostgres.ConnectionString"/> names; created if missing.</summary>
    public required string Database { get; init; }

    /// <summary>False for tests only: no fsync, and a cluster that does not start is thrown away and made anew.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>; null looks for them (see <see cref="PostgresBinaries"/>).</summary>
    public string? Binaries { get; init; }

    /// <summary>Where the cluster goes when root's server account cannot reach <see cref="Folder"/>.</summary>
    public string SystemFolder { get; init; } = "/var/lib/recs";

    /// <summary>How long a start, a recovery or a stop may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Told in one line what is being done and why, for a person to read.</summary>
    public Action<string> Say { get; init; } = static _ => { };
}
