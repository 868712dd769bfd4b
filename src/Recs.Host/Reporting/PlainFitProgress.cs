using Recs.Training.Fitting;

namespace Recs.Host.Reporting;

/// <summary>Progress of a long fit or evaluation in a pipe: a line every few seconds, with the time that is left at the pace so far.</summary>
/// <param name="what">What is fitted.</param>
/// <param name="say">Takes the lines.</param>
/// <param name="clock">Real time.</param>
/// <param name="budget">Time after which nothing new begins; null if there is none.</param>
internal sealed class PlainFitProgress(string what, Action<string> say, TimeProvider clock, TimeSpan? budget = null) : IProgress<FitProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly Lock gate = new();
    private readonly FitPace pace = new(clock, budget);
    private long last = clock.GetTimestamp();

    public void Report(FitProgress value)
    {
        lock (gate)
        {
            pace.Note(value);
            if (clock.GetElapsedTime(last) < Pause) return;
            last = clock.GetTimestamp();
            var left = pace.Left is { } time ? $", about {TimeLeft.Text(time)} left" : "";
            say($"{what}: {100 * value.Fraction:0} %, {value.Phase}{value.LossText()}, {pace.Elapsed.TotalSeconds:0} s so far{left}");
        }
    }
}
