using System.Diagnostics;
using System.Globalization;

namespace Recs.Postgres;

/// <summary>The running server process of a cluster, as <c>postmaster.pid</c> names it.</summary>
internal static class Postmaster
{
    /// <summary>Process id of the server that runs on this data folder; null if none does, also where the file is left over from a crash.</summary>
    public static int? Find(ClusterFolder folder)
    {
        if (NamedPid(folder) is not { } pid || !IsAlive(pid)) return null;
        // After a crash, or in a new container on an old volume, the number may belong to any other program.
        var arguments = $"/proc/{pid}/cmdline";
        return !File.Exists(arguments) || Path.GetFileName(File.ReadAllText(arguments).Split('\0')[0]) == "postgres" ? pid : null;
    }

    /// <summary>
    /// Removes the lock files of a server that is gone, which PostgreSQL itself cannot tell while a process bears the number: another program, or the dead
    /// server itself where nobody collects it, as in a container without an init.
    /// </summary>
    public static void ForgetStale(ClusterFolder folder)
    {
        if (Find(folder) is not null) return;
        File.Delete(PidFile(folder));
        File.Delete(Path.Combine(folder.Socket, $".s.PGSQL.{EmbeddedPostgres.Port}.lock"));
    }

    private static string PidFile(ClusterFolder folder) => Path.Combine(folder.Data, "postmaster.pid");

    private static int? NamedPid(ClusterFolder folder)
    {
        try
        {
            return File.ReadLines(PidFile(folder)).FirstOrDefault() is { } line && int.TryParse(line, NumberStyles.None, null, out var pid) ? pid : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // no server has written one
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false; // no such process
        }
    }
}
