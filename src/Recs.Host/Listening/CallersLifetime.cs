namespace Recs.Host.Listening;

/// <summary>
/// Leaves signals to the command line. The host's own way would stop the application on Ctrl-C too, and a stop that was asked for could not be told from one
/// that was not.
/// </summary>
internal sealed class CallersLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
