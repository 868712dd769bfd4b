using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Npgsql;
using Recs.Contracts;
using Recs.EventStore.Projecting;
using Recs.Projections.UserHistory;

namespace Recs.Projections.OnlineMetrics;

/// <summary>The whole log in memory: facts per person while it is read, the join once at its end under the definitions that then hold.</summary>
internal sealed class OnlineFold : IProjectionFold
{
    private static readonly byte[] Served = Encoding.UTF8.GetBytes(EventAliases.RecommendationServed);
    private static readonly byte[] Observed = Encoding.UTF8.GetBytes(EventAliases.RecommendationObserved);
    private static readonly byte[] Defined = Encoding.UTF8.GetBytes(EventAliases.MetricDefined);

    private readonly IdPool _ids = new();
    private readonly SeriesPool _series = new();
    private readonly FactReading _reading;
    private readonly Dictionary<string, Person?> _people = new(Utf8Comparer.Instance);
    private readonly Dictionary<string, (MetricDefinition Definition, long Sequence)> _definitions = new(StringComparer.Ordinal);

    public OnlineFold() => _reading = new(_ids, _series);

    /// <summary>What is known about one person.</summary>
    private sealed class Person
    {
        private OutcomeHour? _last;

        public List<SlateFact> Slates { get; } = [];
        public Dictionary<long, OutcomeHour> Hours { get; } = [];
        public UserSessions Sessions { get; } = new();

        public void Add(in Outcome outcome)
        {
            var hour = OnlineMetrics.Hours.Of(outcome.At);
            if (_last?.Hour != hour)
            {
                ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(Hours, hour, out _);
                _last = found ??= new(hour);
            }
            _last!.Add(outcome);
            Sessions.AddDone(outcome.At, null);
        }
    }

    public void Apply(in RawEvent e)
    {
        if (e.Type.SequenceEqual(Served)) ApplySlate(e, isOurs: true);
        else if (e.Type.SequenceEqual(Observed)) ApplySlate(e, isOurs: false);
        else if (e.Type.SequenceEqual(Defined))
        {
            var definition = MetricDefinition.Of(JsonSerializer.Deserialize(e.Data, EventJson.Default.MetricDefined)!);
            _definitions[definition.Name] = (definition, e.Sequence);
        }
        else ApplyFact(UserFacts.Of(e.Type), e);
    }

    private void ApplySlate(in RawEvent e, bool isOurs)
    {
        ref var person = ref PersonOf(PeopleStreams.Served(e.StreamId), out var known);
        if (known && person is null) return;
        person ??= new();
        var like = person.Slates.Count > 0 ? person.Slates[^1].Items : null;
        if ((isOurs ? _reading.Slate(e.Sequence, e.Data, like) : _reading.Observed(e.Sequence, e.Data, like)) is not { } slate) return;
        person.Slates.Add(slate);
        person.Sessions.AddSlate(slate, null);
    }

    private void ApplyFact(UserFact fact, in RawEvent e)
    {
        ref var person = ref PersonOf(PeopleStreams.Facts(e.StreamId), out var known);
        if (fact == UserFact.Erased)
        {
            person = null;
            return;
        }
        if (known && person is null) return;
        person ??= new();
        if (_reading.Outcome(fact, e.Sequence, e.Data) is { } outcome) person.Add(outcome);
    }

    /// <summary>Null for an erased person.</summary>
    private ref Person? PersonOf(ReadOnlySpan<byte> user, out bool known)
        => ref CollectionsMarshal.GetValueRefOrAddDefault(_people.GetAlternateLookup<ReadOnlySpan<byte>>(), user, out known);

    public async Task WriteAsync(NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
    {
        var attribution = new Attribution(MetricDefinition.InForce(_definitions.Values.Select(d => d.Definition)));
        var counts = Join(attribution);
        await OnlineTables.CopySlatesAsync(connection, table(OnlineTables.Slates), Known.SelectMany(p => p.Person.Slates.Select(s => (p.User, s))), cancel);
        await OnlineTables.CopyHoursAsync(connection, table(OnlineTables.Outcomes), Known.SelectMany(p => p.Person.Hours.Values.Select(h => (p.User, h))), cancel);
        await OnlineTables.CopySessionsAsync(connection, table(OnlineTables.Sessions), Known.Select(p => (p.User, p.Person.Sessions)).Where(p => !p.Sessions.IsEmpty), cancel);
        await PeopleTables.AddErasedAsync(_people.Where(p => p.Value is null).Select(p => p.Key), connection, table(OnlineTables.Erased), cancel);
        await DefinitionTable.WriteAsync(_definitions.Values, connection, table(OnlineTables.Definitions), cancel);
        await CountTables.MergeAsync(counts, attribution.Shares, connection, table, cancel);
    }

    private IEnumerable<(string User, Person Person)> Known => _people.Where(p => p.Value is not null).Select(p => (p.Key, p.Value!));

    private OnlineCounts Join(Attribution attribution)
    {
        var counts = new OnlineCounts();
        var outcomes = new List<Outcome>();
        foreach (var (_, person) in Known)
        {
            foreach (var session in person.Sessions.All) counts.Add(session, 1);
            if (person.Slates.Count == 0) continue;
            outcomes.Clear();
            foreach (var hour in person.Hours.Values) OutcomeHour.Unpack(hour.Hour, hour.Packed.Span, _ids, outcomes);
            outcomes.Sort(Attribution.ByTime);
            foreach (var slate in person.Slates) attribution.Count(slate, outcomes, counts);
        }
        return counts;
    }
}
