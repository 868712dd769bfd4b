using System.Runtime.InteropServices;
using System.Text.Json;
using Recs.Contracts;
using Recs.EventStore;
using Recs.Projections.UserHistory;

namespace Recs.Projections.OnlineMetrics;

/// <summary>What a batch brings about one person, and what is loaded of what was known about them near it.</summary>
internal sealed class PersonInBatch
{
    public List<SlateFact> NewSlates { get; } = [];
    public List<Outcome> NewOutcomes { get; } = [];
    /// <summary>The person asked, in this batch, to be forgotten.</summary>
    public bool Erased { get; set; }

    /// <summary>Slates that were known and may hold a movie of the new outcomes.</summary>
    public List<SlateFact> OldSlates { get; } = [];
    /// <summary>Outcomes that were known in the windows of the slates; then the new ones too.</summary>
    public List<Outcome> Outcomes { get; } = [];
    /// <summary>The person's sessions.</summary>
    public UserSessions Sessions { get; set; } = new();

    /// <summary>Counts what the batch changes.</summary>
    /// <param name="attribution">The definitions.</param>
    /// <param name="from">First log position of the batch.</param>
    /// <param name="counts">Gets the difference.</param>
    public void Count(Attribution attribution, long from, OnlineCounts counts)
    {
        if (Erased)
        {
            Outcomes.Sort(Attribution.ByTime);
            foreach (var slate in OldSlates) attribution.Discount(slate, Outcomes, counts);
            foreach (var session in Sessions.All) counts.Add(session, -1);
            return;
        }
        Outcomes.AddRange(NewOutcomes);
        Outcomes.Sort(Attribution.ByTime);
        foreach (var slate in OldSlates) attribution.Recount(slate, Outcomes, from, counts);
        foreach (var slate in NewSlates)
        {
            attribution.Count(slate, Outcomes, counts);
            Sessions.AddSlate(slate, counts);
        }
        foreach (var outcome in NewOutcomes) Sessions.AddDone(outcome.At, counts);
    }

    /// <summary>The new outcomes by hour, in log order.</summary>
    public IEnumerable<OutcomeHour> NewHours()
    {
        var hours = new SortedDictionary<long, OutcomeHour>();
        foreach (var outcome in NewOutcomes)
        {
            var hour = Hours.Of(outcome.At);
            if (!hours.TryGetValue(hour, out var found)) hours.Add(hour, found = new(hour));
            found.Add(outcome);
        }
        return hours.Values;
    }
}

/// <summary>The events of a batch, by person.</summary>
internal sealed class PeopleBatch
{
    private PeopleBatch(long from) => From = from;

    /// <summary>First log position.</summary>
    public long From { get; }
    public Dictionary<string, PersonInBatch> People { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, (MetricDefinition Definition, long Sequence)> Definitions { get; } = new(StringComparer.Ordinal);

    public static PeopleBatch Read(IReadOnlyList<RecordedEvent> events, FactReading reading)
    {
        var batch = new PeopleBatch(events[0].Sequence);
        foreach (var e in events) batch.Add(e, reading);
        foreach (var person in batch.People.Values.Where(p => p.Erased))
        {
            person.NewSlates.Clear();
            person.NewOutcomes.Clear();
        }
        return batch;
    }

    /// <summary>The stored slates that the batch may change something about.</summary>
    public SlatesSought SlatesSought(Attribution attribution)
    {
        var sought = new SlatesSought();
        long[] windows = [attribution.WindowOf(OutcomeKind.Watched), attribution.WindowOf(OutcomeKind.Rated), attribution.WindowOf(OutcomeKind.Opened)];
        foreach (var (user, person) in People)
            if (person.Erased) sought.AddAll(user);
            else
                foreach (var outcome in person.NewOutcomes)
                    if (windows[(int)outcome.Kind - 1] is >= 0 and var window)
                        sought.Add(user, outcome, window);
        return sought;
    }

    private void Add(RecordedEvent e, FactReading reading)
    {
        if (e.Type == EventAliases.MetricDefined)
        {
            var definition = MetricDefinition.Of(JsonSerializer.Deserialize(e.Data.Span, EventJson.Default.MetricDefined)!);
            Definitions[definition.Name] = (definition, e.Sequence);
            return;
        }
        ref var person = ref CollectionsMarshal.GetValueRefOrAddDefault(People, PeopleStreams.User(e.StreamId), out _);
        person ??= new();
        if (e.Type == EventAliases.UserErased) person.Erased = true;
        else if (e.Type == EventAliases.RecommendationServed)
        {
            if (reading.Slate(e.Sequence, e.Data.Span, null) is { } slate) person.NewSlates.Add(slate);
        }
        else if (e.Type == EventAliases.RecommendationObserved)
        {
            if (reading.Observed(e.Sequence, e.Data.Span, null) is { } slate) person.NewSlates.Add(slate);
        }
        else if (reading.Outcome(UserFacts.Of(e.Type), e.Sequence, e.Data.Span) is { } outcome) person.NewOutcomes.Add(outcome);
    }
}
