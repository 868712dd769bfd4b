namespace Recs.Postgres;

/// <summary>The server programs of one installed PostgreSQL.</summary>
/// <param name="Folder">Folder that holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</param>
public sealed record PostgresBinaries(string Folder)
{
    /// <summary>Debian's and Ubuntu's folder of versions.</summary>
    private const string Packaged = "/usr/lib/postgresql";

    internal string InitDb => Path.Combine(Folder, "initdb");
    internal string Control => Path.Combine(Folder, "pg_ctl");
    internal string Server => Path.Combine(Folder, "postgres");

    /// <summary>
    /// Looks in <paramref name="given"/>, else in <c>RECS_POSTGRES_BIN</c>, else under <c>/usr/lib/postgresql/*/bin</c> (newest first), else along <c>PATH</c>.
    /// </summary>
    /// <param name="given">Folder to use, whatever else is installed.</param>
    /// <param name="major">Major version of an existing cluster: a packaged server of this version is preferred, since no other can run it.</param>
    /// <exception cref="PostgresUnavailableException">None found.</exception>
    public static PostgresBinaries Find(string? given = null, int? major = null)
    {
        given ??= Environment.GetEnvironmentVariable("RECS_POSTGRES_BIN") is { Length: > 0 } set ? set : null;
        if (given is not null)
            return IsComplete(given)
                ? new(given)
                : throw new PostgresUnavailableException($"'{given}' does not hold initdb, pg_ctl and postgres. Point RECS_POSTGRES_BIN at the folder that does.");
        return Installed(major).Concat(OnPath()).FirstOrDefault(IsComplete) is { } folder
            ? new(folder)
            : throw new PostgresUnavailableException(
                $"No PostgreSQL server found under {Packaged}/*/bin or along PATH. Install one (Debian, Ubuntu: apt-get install postgresql), "
                + "or set RECS_POSTGRES_BIN to its bin folder, or name a running server with --db.");
    }

    private static IEnumerable<string> Installed(int? major) => !Directory.Exists(Packaged)
        ? []
        : from folder in Directory.GetDirectories(Packaged)
          let version = int.TryParse(Path.GetFileName(folder), out var number) ? number : 0
          orderby version == major descending, version descending
          select Path.Combine(folder, "bin");

    private static string[] OnPath()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsComplete(string folder)
        => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")) && File.Exists(Path.Combine(folder, "postgres"));
}
