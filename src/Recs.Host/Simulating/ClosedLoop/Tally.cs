using Recs.Host.Simulating.People;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>Counts what was sent and what came of it; from many threads.</summary>
internal sealed class Tally
{
    private readonly Lock gate = new();
    private readonly List<double> latencies = [];
    private readonly SortedDictionary<string, int> refused = new(StringComparer.Ordinal);
    private int visits, slates, opens, watches, ratings, finds, successes, cut, skipped, pushedBack;
    private long minutes;
    private double served, best, random, servedRating, bestRating, randomRating, opened;

    /// <summary>A visit began.</summary>
    public void Began() => Add(ref visits);

    /// <summary>A visit was left out: too many were under way, or its person was still busy when the run ended.</summary>
    public void Skipped() => Add(ref skipped);

    /// <summary>A request is to be sent again later.</summary>
    public void PushedBack() => Add(ref pushedBack);

    /// <summary>A list was asked for by the person's own search.</summary>
    public void Found() => Add(ref finds);

    /// <summary>The service refused a request.</summary>
    public void Refused(string route, Answer answer)
    {
        lock (gate)
        {
            var reason = $"{route}: {(int)answer.Status} {answer.Problem}".TrimEnd();
            refused[reason] = refused.GetValueOrDefault(reason) + 1;
        }
    }

    /// <summary>A slate was served.</summary>
    public void Served(TimeSpan latency)
    {
        lock (gate)
        {
            slates++;
            latencies.Add(latency.TotalMilliseconds);
        }
    }

    /// <summary>A visit ended.</summary>
    public void Ended(SlateTruth truth, VisitRecord done)
    {
        lock (gate)
        {
            if (done.Cut) cut++;
            if (done.Successful) successes++;
            (opens, watches, ratings) = (opens + done.Opens.Count, watches + done.Watches.Count, ratings + done.Ratings.Count);
            minutes += done.Watches.Sum(w => (long)w.Minutes);
            (served, best, random) = (served + truth.Served.Success, best + truth.Best.Success, random + truth.Random.Success);
            (servedRating, bestRating, randomRating) = (servedRating + truth.Served.Rating, bestRating + truth.Best.Rating, randomRating + truth.Random.Rating);
            opened += truth.Opened;
        }
    }

    /// <summary>The counts so far.</summary>
    /// <param name="plan">What was asked for.</param>
    /// <param name="pace">How much faster than the service's clock people lived.</param>
    /// <param name="beginning">How long visits began.</param>
    /// <param name="whole">How long the run took.</param>
    /// <param name="ended"><c>done</c>, <c>interrupted</c> or <c>service gone</c>.</param>
    public SimulationSummary Summarise(SimulationPlan plan, double pace, TimeSpan beginning, TimeSpan whole, string ended)
    {
        lock (gate)
        {
            latencies.Sort();
            double? Mean(double total) => slates == 0 ? null : total / slates;
            return new(
                plan.Seed, plan.Users, plan.Rate, plan.Length.TotalMinutes, pace, ended, whole.TotalSeconds, visits, visits / Math.Max(beginning.TotalSeconds, 1e-9), skipped, cut, slates, opens, watches, minutes, ratings, finds,
                refused.Values.Sum(), new Dictionary<string, int>(refused), pushedBack, Quantile(0.5), Quantile(0.99),
                new(slates == 0 ? null : (double)successes / slates, Mean(served), Mean(random), Mean(best)), new(null, Mean(servedRating), Mean(randomRating), Mean(bestRating)), Mean(opened));
        }
    }

    private double? Quantile(double share) => latencies.Count == 0 ? null : latencies[Math.Min(latencies.Count - 1, (int)(share * latencies.Count))];

    private void Add(ref int count)
    {
        lock (gate) count++;
    }
}
