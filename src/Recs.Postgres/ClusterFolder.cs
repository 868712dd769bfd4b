using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace Recs.Postgres;

/// <summary>Where a cluster lives and who owns it.</summary>
/// <param name="Root">Folder of the server account, mode 0700: data, log and (unless its path is too long) socket.</param>
/// <param name="Account">Account that the server runs under.</param>
/// <param name="Socket">Folder of the Unix socket, mode 0700.</param>
internal sealed record ClusterFolder(string Root, ServerAccount Account, string Socket)
{
    /// <summary>A socket's whole path must fit 107 bytes (103 on some systems); the file name takes 13.</summary>
    private const int LongestSocketFolder = 88;

    public string Data => Path.Combine(Root, "data");
    public string Log => Path.Combine(Root, "server.log");
    public bool IsInitialised => File.Exists(Path.Combine(Data, "PG_VERSION"));
    public int? Major => IsInitialised && int.TryParse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")), out var major) ? major : null;

    /// <summary>Finds or creates the folder. As root the server account must be able to reach it, else it goes under <see cref="ClusterOptions.SystemFolder"/>.</summary>
    [UnsupportedOSPlatform("windows")]
    public static async Task<ClusterFolder> PrepareAsync(ClusterOptions options, CancellationToken cancel)
    {
        var wanted = Path.Combine(Path.GetFullPath(options.Folder), "postgres");
        if (!Environment.IsPrivilegedProcess)
        {
            OwnPrivately(wanted);
            var short_ = Encoding.UTF8.GetByteCount(wanted) <= LongestSocketFolder;
            var socket = short_ ? wanted : Path.Combine(Path.GetTempPath(), "recs-" + Digest(wanted));
            if (!short_) OwnPrivately(socket);
            return new(wanted, new ServerAccount(null), socket);
        }
        if (await TryGiveAsync(wanted, cancel) is { } account && Encoding.UTF8.GetByteCount(wanted) <= LongestSocketFolder)
            return new(wanted, account, wanted);
        var elsewhere = Path.Combine(options.SystemFolder, Digest(wanted));
        Directory.CreateDirectory(elsewhere);
        account = await TryGiveAsync(Path.Combine(elsewhere, "postgres"), cancel)
            ?? throw new PostgresUnavailableException($"The account that PostgreSQL runs under can reach neither '{wanted}' nor '{elsewhere}'. Make one of them traversable (chmod o+x on its parents), or run as another user.");
        var chosen = new ClusterFolder(Path.Combine(elsewhere, "postgres"), account, Path.Combine(elsewhere, "postgres"));
        if (!chosen.IsInitialised) options.Say($"PostgreSQL's account cannot use {wanted} (its path is closed or too long); the database is in {elsewhere}."); // once, when the place is chosen
        return chosen;
    }

    /// <summary>Root: hands the folder to the account of an existing cluster, else to <c>postgres</c>; null if that account cannot reach it.</summary>
    private static async Task<ServerAccount?> TryGiveAsync(string folder, CancellationToken cancel)
    {
        var owner = "postgres";
        if (File.Exists(Path.Combine(folder, "data", "PG_VERSION")))
        {
            var found = await ServerAccount.StartAsync("stat", ["-c", "%U", folder], cancel);
            if (found is { Succeeded: true, Output: not ("root" or "UNKNOWN") }) owner = found.Output;
        }
        var account = new ServerAccount(owner);
        var made = await ServerAccount.StartAsync("install", ["-d", "-m", "0700", "-o", owner, folder], cancel);
        if (!made.Succeeded)
            throw new PostgresUnavailableException($"'{folder}' could not be made for the account '{owner}': {made.Output} (Debian, Ubuntu: apt-get install postgresql makes that account.)");
        return (await account.RunAsync("test", ["-w", folder], cancel)).Succeeded ? account : null;
    }

    /// <summary>Creates a folder that nobody else may enter. Fails if another account owns it: only an owner may change its mode.</summary>
    [UnsupportedOSPlatform("windows")]
    private static void OwnPrivately(string folder)
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        try
        {
            Directory.CreateDirectory(folder, mode);
            if (new DirectoryInfo(folder).LinkTarget is not null) throw new UnauthorizedAccessException("it is a link.");
            File.SetUnixFileMode(folder, mode);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new PostgresUnavailableException($"'{folder}' cannot be used for the database: {e.Message} If another account made it, run as that account, or remove it.", e);
        }
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 8));
}
