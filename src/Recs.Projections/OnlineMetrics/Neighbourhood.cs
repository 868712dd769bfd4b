namespace Recs.Projections.OnlineMetrics;

/// <summary>Stretches of time per person in which stored facts may meet new ones: what a batch has to load.</summary>
internal sealed class Neighbourhood
{
    public List<string> Users { get; } = [];
    public List<long> First { get; } = [];
    public List<long> Last { get; } = [];

    /// <summary>Adds a person's stretches, those that overlap or touch made one.</summary>
    public void Add(string user, List<(long First, long Last)> stretches)
    {
        if (stretches.Count == 0) return;
        stretches.Sort();
        var (first, last) = stretches[0];
        foreach (var next in stretches.Skip(1))
        {
            if (next.First <= last + 1) last = Math.Max(last, next.Last);
            else
            {
                Put(user, first, last);
                (first, last) = next;
            }
        }
        Put(user, first, last);
    }

    /// <summary>All that is stored about a person.</summary>
    public void AddAll(string user) => Put(user, long.MinValue, long.MaxValue);

    /// <summary>Where slates (milliseconds) and outcomes (hours) are looked for that may meet what the batch brings.</summary>
    public static (Neighbourhood Slates, Neighbourhood Hours) Of(IReadOnlyDictionary<string, PersonInBatch> people, Attribution attribution)
    {
        var (slates, hours) = (new Neighbourhood(), new Neighbourhood());
        long[] windows = [attribution.WindowOf(OutcomeKind.Watched), attribution.WindowOf(OutcomeKind.Rated), attribution.WindowOf(OutcomeKind.Opened)];
        var (inTime, inHours) = (new List<(long, long)>(), new List<(long, long)>());
        foreach (var (user, person) in people)
        {
            if (person.Erased)
            {
                slates.AddAll(user);
                hours.AddAll(user);
                continue;
            }
            inTime.Clear();
            inHours.Clear();
            foreach (var outcome in person.NewOutcomes)
            {
                var window = windows[(int)outcome.Kind - 1];
                if (window < 0) continue;
                inTime.Add((outcome.At - window, outcome.At));
                inHours.Add((OnlineMetrics.Hours.Of(outcome.At - window), OnlineMetrics.Hours.Of(outcome.At + attribution.Window)));
            }
            foreach (var slate in person.NewSlates) inHours.Add((OnlineMetrics.Hours.Of(slate.At), OnlineMetrics.Hours.Of(slate.At + attribution.Window)));
            slates.Add(user, inTime);
            hours.Add(user, inHours);
        }
        return (slates, hours);
    }

    private void Put(string user, long first, long last)
    {
        Users.Add(user);
        First.Add(first);
        Last.Add(last);
    }
}
