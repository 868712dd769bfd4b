using Recs.Training.Fitting;

namespace Recs.Host.Reporting;

/// <summary>Progress of a long fit or evaluation in a pipe: a line every few seconds, with the time that is left at the pace so far.</summary>
internal sealed class PlainFitProgress(string what, Action<string> say, TimeProvider clock) : IProgress<FitProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private readonly long start = clock.GetTimestamp();
    private long last = clock.GetTimestamp();

    public void Report(FitProgress value)
    {
        lock (gate)
        {
            if (clock.GetElapsedTime(last) < Pause) return;
            last = clock.GetTimestamp();
            var seconds = clock.GetElapsedTime(start).TotalSeconds;
            var left = value.Fraction > 0 ? $", about {seconds / value.Fraction * (1 - value.Fraction):0} s left" : "";
            say($"{what}: {100 * value.Fraction:0} %, {value.Phase}{value.LossText()}, {seconds:0} s so far{left}");
        }
    }
}
