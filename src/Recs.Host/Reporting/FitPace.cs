using Recs.Training.Fitting;

namespace Recs.Host.Reporting;

/// <summary>How long a fit still takes at its pace so far. Nothing is told of the first moments: what a fit does before its first iteration says nothing of the iterations.</summary>
/// <param name="clock">Real time.</param>
/// <param name="budget">Time after which nothing new begins, such as a tuning's; null if there is none.</param>
internal sealed class FitPace(TimeProvider clock, TimeSpan? budget = null)
{
    private const double LeastFraction = 0.03;
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(3);
    private readonly Lock gate = new();
    private readonly long start = clock.GetTimestamp();
    private double fraction;
    private long? end;

    /// <summary>Since it began, until it was done.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (gate) return clock.GetElapsedTime(start, end ?? clock.GetTimestamp());
        }
    }

    /// <summary>How long it still takes, and no longer than the budget; null as long as nobody can say.</summary>
    public TimeSpan? Left
    {
        get
        {
            var (elapsed, done) = (Elapsed, Fraction);
            TimeSpan? left = done < LeastFraction || elapsed < LeastTime ? null : elapsed * ((1 - done) / done);
            return budget - elapsed is { } rest && (left is null || rest < left) ? rest : left;
        }
    }

    private double Fraction
    {
        get
        {
            lock (gate) return fraction;
        }
    }

    /// <summary>Takes note of how far it is; at 1 the clock stops.</summary>
    public void Note(FitProgress progress)
    {
        lock (gate)
        {
            fraction = progress.Fraction;
            end = fraction >= 1 ? end ?? clock.GetTimestamp() : null;
        }
    }
}
