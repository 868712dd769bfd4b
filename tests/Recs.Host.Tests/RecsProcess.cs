using System.Diagnostics;
using System.Text;

namespace Recs.Host.Tests;

/// <summary>The program in a process of its own, as it was built beside the tests.</summary>
internal sealed class RecsProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly StringBuilder said = new();

    private RecsProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Everything that it wrote so far.</summary>
    public string Said
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="account">Account to run as; null for our own. Only root can choose.</param>
    /// <param name="program">Folder of the program.</param>
    /// <param name="home">Its <c>RECS_HOME</c>.</param>
    /// <param name="args">Verb and options.</param>
    public static RecsProcess StartAs(string? account, string program, string home, params string[] args)
    {
        string[] command = ["dotnet", Path.Combine(program, "recs.dll"), .. args];
        if (account is not null) command = ["setpriv", $"--reuid={account}", "--regid=65534", "--clear-groups", "--", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["RECS_HOME"] = home;
        start.Environment.Remove("RECS_DB");
        return new(Process.Start(start)!);
    }

    /// <summary>Starts it as ourselves.</summary>
    public static RecsProcess Start(string home, params string[] args) => StartAs(null, AppContext.BaseDirectory, home, args);

    /// <summary>Runs it to its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync(new CancellationTokenSource(Patience).Token);
        return process.ExitCode;
    }

    /// <summary>Waits until it wrote a text.</summary>
    /// <returns>The line that holds the text.</returns>
    public async Task<string> HearAsync(string text)
    {
        for (var end = Stopwatch.GetTimestamp() + (long)Patience.TotalSeconds * Stopwatch.Frequency; !Said.Contains(text, StringComparison.Ordinal);)
        {
            if (process.HasExited || Stopwatch.GetTimestamp() > end) throw new TimeoutException($"'{text}' was not heard. It said:\n{Said}");
            await Task.Delay(20);
        }
        return Said.Split('\n').First(line => line.Contains(text, StringComparison.Ordinal));
    }

    /// <summary><c>kill -9</c>.</summary>
    public void Kill() => process.Kill();

    /// <summary>Asks it to stop, as an init system does. (A shell's background jobs ignore what Ctrl-C sends, and so would the program below such a shell.)</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", process.Id.ToString()]).WaitForExit();

    /// <summary>Ends it if it still runs.</summary>
    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs e)
    {
        lock (said) said.AppendLine(e.Data);
    }
}
