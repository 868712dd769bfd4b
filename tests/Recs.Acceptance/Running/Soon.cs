namespace Recs.Acceptance.Running;

/// <summary>Waits for what happens soon.</summary>
public static class Soon
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again until there is an answer.</summary>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="ask">Asks; null or false means not yet.</param>
    /// <exception cref="TimeoutException">It did not happen within a minute.</exception>
    public static async Task<T> HappensAsync<T>(string what, Func<Task<T?>> ask)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (true)
            {
                if (await ask() is { } answer and not false)
                    return answer;
                await pause.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"In a minute it did not happen: {what}");
        }
    }

    /// <summary>Asks again until there is an answer.</summary>
    public static Task<T> HappensAsync<T>(string what, Func<T?> ask) => HappensAsync(what, () => Task.FromResult(ask()));
}
