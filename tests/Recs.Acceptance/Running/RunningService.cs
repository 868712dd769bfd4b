using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Recs.Acceptance.Running;

/// <summary>A service in a process of its own.</summary>
public sealed partial class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private RunningService(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>Every line that it wrote so far, to either stream.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
                return _said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>Waits until it says where it listens and, unless told otherwise, is ready.</summary>
    public static async Task<RunningService> StartAsync(Process process, bool untilReady = true)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (Address().Match(line) is { Success: true } address)
            {
                var service = new RunningService(process, new Uri(address.Value));
                service.Hear(line);
                _ = service.ListenAsync(process.StandardOutput);
                _ = service.ListenAsync(process.StandardError);
                if (untilReady)
                    await service.WaitUntilReadyAsync(patience.Token);
                return service;
            }
        throw new InvalidOperationException($"The service ended: {await process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, as an init system does, and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
            await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private async Task ListenAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
            Hear(line);
    }

    private void Hear(string line)
    {
        lock (_said)
            _said.Append(line).Append('\n');
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await Http.GetAsync("/readyz", cancel)).IsSuccessStatusCode)
            await pause.WaitForNextTickAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"http://[\d.:\[\]]+")]
    private static partial Regex Address();
}
