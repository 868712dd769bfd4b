using Recs.Projections.Relaying;

namespace Recs.Host.Relaying;

/// <summary>Runs the relay with the process, and says when its state changes. Whatever ends it ends nothing else: health and metrics tell.</summary>
internal sealed partial class RelayWorker(Relay relay, ILogger<RelayWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = relay.RunAsync(stoppingToken);
        var said = RelayState.Standby;
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(Pause, stoppingToken));
            var health = relay.Health();
            if (health.State != said)
                Say(said = health.State, health);
        }
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its end is in its health, and was said
    }

    private void Say(RelayState state, RelayHealth health)
    {
        if (state is RelayState.Waiting or RelayState.Stopped) LogTrouble(state, health.Sequence, health.Reason);
        else LogState(state, health.Sequence, health.Reason);
    }

    [LoggerMessage(LogLevel.Information, "The relay to Kafka is {State} at log position {Sequence}. {Reason}")]
    private partial void LogState(RelayState state, long sequence, string? reason);

    [LoggerMessage(LogLevel.Warning, "The relay to Kafka is {State} at log position {Sequence}. {Reason}")]
    private partial void LogTrouble(RelayState state, long sequence, string? reason);
}
