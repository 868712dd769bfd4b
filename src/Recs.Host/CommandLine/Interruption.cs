namespace Recs.Host.CommandLine;

/// <summary>The caller's signal to stop.</summary>
internal static class Interruption
{
    /// <summary>Completes once the signal came.</summary>
    public static async Task WaitAsync(CancellationToken cancel)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancel.Register(stopped.SetResult);
        await stopped.Task;
    }
}
