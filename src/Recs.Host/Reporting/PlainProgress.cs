namespace Recs.Host.Reporting;

/// <summary>Progress in a pipe: a line every few seconds and one at the end.</summary>
/// <param name="what">What is done.</param>
/// <param name="unit">What is counted.</param>
/// <param name="say">Takes the lines.</param>
/// <param name="clock">Real time.</param>
/// <param name="timeLeft">Tells the time left where the rate so far does not; null for that.</param>
internal sealed class PlainProgress(string what, string unit, Action<string> say, TimeProvider clock, Func<TimeSpan>? timeLeft = null) : IProgress<(long Done, long Total)>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private readonly long start = clock.GetTimestamp();
    private long last = clock.GetTimestamp();
    private bool finished;

    public void Report((long Done, long Total) value)
    {
        lock (gate)
        {
            var end = value.Total > 0 && value.Done >= value.Total;
            if (finished || (!end && clock.GetElapsedTime(last) < Pause)) return;
            finished = end;
            last = clock.GetTimestamp();
            var seconds = Math.Max(clock.GetElapsedTime(start).TotalSeconds, 0.001);
            var rate = value.Done / seconds;
            var left = end || rate <= 0 ? $" in {seconds:0.0} s" : $", {TimeLeft.Text(timeLeft?.Invoke() ?? TimeSpan.FromSeconds((value.Total - value.Done) / rate))} left";
            say($"{what}: {value.Done:N0} of {value.Total:N0} {unit} ({100.0 * value.Done / Math.Max(1, value.Total):0} %, {rate:N0} {unit}/s{left})");
        }
    }
}
