using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Recs.Training.Trainings;

/// <summary>
/// Hears from every process that something about a job changed. Only a hint to look at the table again: whoever waits also looks by himself now and then, so
/// nothing hangs on a notification that got lost.
/// </summary>
public sealed class TrainingNews(NpgsqlDataSource source) : BackgroundService
{
    /// <summary>Channel; the payload is the id of the job.</summary>
    internal const string Channel = "recs_training";

    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the next news of any job. Take it before you look, so that what happens meanwhile is not missed.</summary>
    public Task Next => _next.Task;

    /// <summary>Waits for news, or for a time.</summary>
    /// <param name="next"><see cref="Next"/>, taken before the last look.</param>
    /// <param name="atMost">When to look all the same.</param>
    /// <param name="cancel">Ends the wait with <see cref="OperationCanceledException"/>.</param>
    public static async Task WaitAsync(Task next, TimeSpan atMost, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(next, Task.Delay(atMost, either.Token));
        await either.CancelAsync(); // frees the timer
        cancel.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException or TimeoutException)
            {
                // Away or restarted: those who wait look by themselves until the listener is back.
                await Task.Delay(Retry, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        connection.Notification += (_, _) => Announce();
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        Announce(); // whatever happened while nobody listened
        await using var probe = new NpgsqlCommand("select 1", connection);
        while (true)
        {
            if (!await connection.WaitAsync(Probe, cancel))
                await probe.ExecuteNonQueryAsync(cancel);
        }
    }

    private void Announce() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
