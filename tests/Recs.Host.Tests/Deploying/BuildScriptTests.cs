using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Deploying;

/// <summary>The script <c>recs</c> in a clone of its own, with a compiler that only keeps a diary.</summary>
public sealed class BuildScriptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string clone = Directory.CreateTempSubdirectory("recs-clone-").FullName;

    public BuildScriptTests()
    {
        foreach (var folder in new[] { "src", "db", "tests", "programs" })
            Directory.CreateDirectory(At(folder));
        File.Copy(Deployment.At("recs"), At("recs"));
        File.WriteAllText(At("src/Program.cs"), "");
        File.WriteAllText(At("programs/dotnet"),
            """
            #!/usr/bin/env bash
            case "$1" in
              --list-sdks) echo "10.0.100 [/nowhere]" ;;
              build) echo begun >>"$CLONE/diary"; until [ -e "$CLONE/go-on" ]; do sleep 0.05; done; echo ended >>"$CLONE/diary" ;;
              *) echo ran >>"$CLONE/diary" ;;
            esac
            """);
        if (!OperatingSystem.IsWindows()) // where bash is, elsewhere
            File.SetUnixFileMode(At("programs/dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task two_that_are_begun_at_once_build_once_and_both_run()
    {
        using var first = Run();
        await UntilAsync(() => File.Exists(At("diary")), first);
        using var second = Run();
        await UntilAsync(() => File.Exists(At("second-waits")), second);
        await File.WriteAllTextAsync(At("go-on"), "");
        foreach (var run in new[] { first, second })
        {
            await run.WaitForExitAsync(new CancellationTokenSource(Patience).Token);
            run.ExitCode.ShouldBe(0);
        }

        (await File.ReadAllLinesAsync(At("diary"))).ShouldBe(["begun", "ended", "ran", "ran"]);
    }

    public void Dispose() => Directory.Delete(clone, recursive: true);

    private Process Run()
    {
        var start = new ProcessStartInfo("bash", [At("recs"), "settings"]) { RedirectStandardError = true, WorkingDirectory = clone };
        start.Environment["CLONE"] = clone;
        start.Environment["PATH"] = At("programs") + ":" + start.Environment["PATH"];
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("waiting for another recs", StringComparison.Ordinal) == true)
                File.WriteAllText(At("second-waits"), "");
        };
        process.BeginErrorReadLine();
        return process;
    }

    private string At(string path) => Path.Combine(clone, path);

    private static async Task UntilAsync(Func<bool> condition, Process process)
    {
        for (var end = Stopwatch.GetTimestamp() + (long)(Patience.TotalSeconds * Stopwatch.Frequency); !condition();)
        {
            if (process.HasExited || Stopwatch.GetTimestamp() > end)
                throw new TimeoutException("The script did not come that far.");
            await Task.Delay(20);
        }
    }
}
