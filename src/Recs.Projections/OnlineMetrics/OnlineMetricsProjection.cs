using Npgsql;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Projecting;

namespace Recs.Projections.OnlineMetrics;

/// <summary>
/// Joins served slates, and observed ones under channel <c>imported</c>, with what the same person watched, rated and opened afterwards (db/0107-online-metrics.sql). The facts are kept per person and time, so
/// that a slate or an outcome that stands late in the log, however late, finds what it belongs to: the batch counts the difference that it makes. A new
/// definition is counted over all facts, from the tables, in the batch that brings it.
/// </summary>
public sealed class OnlineMetricsProjection : IProjection
{
    private const int PageOfPeople = 500;
    private readonly IdPool _ids = new();
    private readonly SeriesPool _series = new();

    /// <inheritdoc/>
    public string Name => "OnlineMetrics";
    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } =
    [
        EventAliases.RecommendationServed, EventAliases.RecommendationObserved, EventAliases.MovieWatched, EventAliases.MovieRated, EventAliases.MovieOpened, EventAliases.UserErased, EventAliases.MetricDefined,
    ];
    /// <inheritdoc/>
    public IReadOnlyList<string> Tables => OnlineTables.All;
    /// <inheritdoc/>
    public TimeSpan BatchEvery { get; } = TimeSpan.FromMilliseconds(500); // an event in a batch of thousands costs a third of one in a batch of hundreds

    /// <inheritdoc/>
    public IProjectionFold BeginFold() => new OnlineFold();

    /// <inheritdoc/>
    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        var batch = PeopleBatch.Read(events, new(_ids, _series));
        var people = new PeopleTables(connection, _ids, _series);
        var (defined, erased) = await people.KnownAsync(batch.People.Keys, cancel);
        foreach (var user in erased) batch.People.Remove(user);

        var kept = MetricDefinition.InForce(defined).Where(d => !batch.Definitions.ContainsKey(d.Name)).ToList();
        var attribution = new Attribution(kept);
        await people.LoadSlatesAsync(batch.People, batch.SlatesSought(attribution), cancel);
        await people.LoadOutcomesAsync(batch.People, attribution.Window, cancel);

        var counts = new OnlineCounts();
        foreach (var person in batch.People.Values) person.Count(attribution, batch.From, counts);
        await people.StoreAsync(batch.People, cancel);
        await CountTables.MergeAsync(counts, attribution.Shares, connection, t => t, cancel);

        await DefinitionTable.WriteAsync(batch.Definitions.Values, connection, OnlineTables.Definitions, cancel);
        await RecountAsync([.. batch.Definitions.Values.Select(d => d.Definition), .. kept.Where(d => LosesPairs(d, batch))], people, connection, cancel);
    }

    /// <summary>Pairs of somebody who is forgotten stood in batches of errors, and moved all that came after them.</summary>
    private static bool LosesPairs(MetricDefinition definition, PeopleBatch batch)
        => definition.Unit == MetricUnit.Rating && batch.People.Values.Any(p => p.Erased && p.OldSlates.Exists(s => s.Predicted is not null));

    /// <summary>Counts definitions over the whole past.</summary>
    private static async Task RecountAsync(IReadOnlyList<MetricDefinition> definitions, PeopleTables people, NpgsqlConnection connection, CancellationToken cancel)
    {
        if (definitions.Count == 0) return;
        foreach (var definition in definitions) await CountTables.DropAsync(definition.Name, connection, cancel);
        var attribution = new Attribution(definitions);
        var counts = new OnlineCounts();
        for (var last = ""; ;)
        {
            var page = await people.PageAsync(last, PageOfPeople, attribution.Window, cancel);
            if (page.Count == 0) break;
            foreach (var (user, person) in page)
            {
                person.Outcomes.Sort(Attribution.ByTime);
                foreach (var slate in person.OldSlates) attribution.Count(slate, person.Outcomes, counts);
                last = user;
            }
        }
        await CountTables.MergeAsync(counts, attribution.Shares, connection, t => t, cancel);
    }
}
