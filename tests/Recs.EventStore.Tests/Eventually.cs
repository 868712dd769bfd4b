using System.Diagnostics;

namespace Recs.EventStore.Tests;

/// <summary>Waits for a condition with a deadline, never for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Deadline) throw new TimeoutException($"It never came true: {what}.");
            await Task.Yield();
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(async () =>
    {
        if (condition()) return true;
        await Task.Delay(5); // leaves the processor to what is waited for; the condition decides, not the time
        return false;
    }, what);

    public static async Task<T> InTimeAsync<T>(ValueTask<T> task) => await task.AsTask().WaitAsync(Deadline);
    public static Task InTimeAsync(Task task) => task.WaitAsync(Deadline);
    public static Task<T> InTimeAsync<T>(Task<T> task) => task.WaitAsync(Deadline);
}
