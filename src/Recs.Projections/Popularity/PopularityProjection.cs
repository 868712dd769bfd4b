using Npgsql;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Projecting;
using Recs.Projections.UserHistory;

namespace Recs.Projections.Popularity;

/// <summary>Counts ratings, watched minutes and opens per movie and per hour and day of the stream's own time (db/0102-popularity.sql).</summary>
public sealed class PopularityProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => "Popularity";
    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = [EventAliases.MovieRated, EventAliases.MovieWatched, EventAliases.MovieOpened];
    /// <inheritdoc/>
    public IReadOnlyList<string> Tables => PopularityTables.All;

    /// <inheritdoc/>
    public IProjectionFold BeginFold() => new Fold();

    /// <inheritdoc/>
    public async Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        var counts = new PopularityCounts();
        foreach (var e in events) counts.Add(UserFacts.Of(e.Type), e.Data.Span);
        await PopularityTables.MergeAsync(counts, connection, transaction, cancel);
    }

    private sealed class Fold : IProjectionFold
    {
        private readonly PopularityCounts counts = new();

        public void Apply(in RawEvent e) => counts.Add(UserFacts.Of(e.Type), e.Data);

        public Task WriteAsync(NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
        {
            counts.Prune();
            return PopularityTables.WriteAsync(counts, connection, table, cancel);
        }
    }
}
