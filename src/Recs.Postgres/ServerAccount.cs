using System.Diagnostics;

namespace Recs.Postgres;

/// <summary>What a program did.</summary>
internal readonly record struct ProgramResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>The account that the server runs under: our own, or one that root drops to, since PostgreSQL refuses to run as root.</summary>
/// <param name="Dropped">Account name when root must drop to it; null to run as ourselves.</param>
internal sealed record ServerAccount(string? Dropped)
{
    private static readonly string[] Droppers = ["/usr/bin/setpriv", "/bin/setpriv", "/usr/sbin/runuser", "/sbin/runuser"];

    /// <summary>Runs a program as this account.</summary>
    public Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        if (Dropped is null) return StartAsync(program, arguments, cancel);
        var dropper = Array.Find(Droppers, File.Exists)
            ?? throw new PostgresUnavailableException("PostgreSQL refuses to run as root, and neither setpriv nor runuser (package util-linux) is installed to leave root. Install one, or run as another user.");
        string[] drop = dropper.EndsWith("setpriv", StringComparison.Ordinal)
            ? [$"--reuid={Dropped}", $"--regid={Dropped}", "--init-groups", "--", program]
            : ["-u", Dropped, "--", program];
        return StartAsync(dropper, [.. drop, .. arguments], cancel);
    }

    /// <summary>Runs a program as ourselves.</summary>
    public static async Task<ProgramResult> StartAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/", // every account may be there
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name); // the caller's PGDATA, PGPORT or PGOPTIONS belong to another server
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new PostgresUnavailableException($"'{program}' could not be started.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return new(process.ExitCode, (await output + await error).Trim());
    }
}
