using Recs.EventStore.Projecting;
using Recs.Projections.Catalogue;
using Recs.Projections.Ingestion;
using Recs.Projections.ModelRegistry;
using Recs.Projections.OnlineMetrics;
using Recs.Projections.Popularity;
using Recs.Projections.Served;
using Recs.Projections.UserHistory;

namespace Recs.Projections;

/// <summary>Every projection of Recs. Their tables are in schema <c>read</c>; the SQL of each stands in <c>db/</c> under its name.</summary>
public static class RecsProjections
{
    /// <summary>All projections, in the order of their SQL files.</summary>
    public static IReadOnlyList<IProjection> All { get; } =
    [
        new UserHistoryProjection(),
        new PopularityProjection(),
        new IngestionSummaryProjection(),
        new ModelRegistryProjection(),
        new CatalogueProjection(),
        new ServedSummaryProjection(),
        new OnlineMetricsProjection(),
    ];

    /// <summary>The projection of that name, compared without regard to case, or null.</summary>
    public static IProjection? Find(string name) => All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
}
