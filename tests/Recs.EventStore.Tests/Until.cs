using System.Diagnostics;

namespace Recs.EventStore.Tests;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Until
{
    public static async Task Holds(Func<Task<bool>> condition, string what, double seconds = 20)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds) throw new TimeoutException($"Waited {seconds} s for: {what}");
            await Task.Delay(2); // between two looks, so as not to keep the server busy
        }
    }
}
