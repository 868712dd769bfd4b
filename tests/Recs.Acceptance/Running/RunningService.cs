using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Recs.Acceptance.Running;

/// <summary>A service in a process of its own.</summary>
public sealed partial class RunningService : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private RunningService(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>Waits until it says where it listens and is ready.</summary>
    public static async Task<RunningService> StartAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (Address().Match(line) is { Success: true } address)
            {
                var service = new RunningService(process, new Uri(address.Value));
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
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
