using System.Diagnostics;
using Recs.Host.CommandLine;

namespace Recs.Host.Verbs;

/// <summary>The clone of the source that this program was built in.</summary>
internal static class Clone
{
    /// <summary>Folder of <c>Recs.sln</c>.</summary>
    /// <exception cref="UsageException">The program runs outside a clone.</exception>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Recs.sln"))) return folder.FullName;
        throw new UsageException("this verb builds and runs programs of the source; run it as ./recs in a clone.");
    }

    /// <summary>Runs a program on our own terminal.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)) ?? throw new UsageException($"'{program}' could not be started.");
        await process.WaitForExitAsync(cancel);
        return process.ExitCode;
    }
}
