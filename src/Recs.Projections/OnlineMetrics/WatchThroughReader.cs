using System.Data;
using Npgsql;

namespace Recs.Projections.OnlineMetrics;

/// <summary>
/// Counts watch-through of the facts that the projection keeps, under any window, whatever metrics are defined: page by page of people, so that memory stays bounded. It is exact
/// whatever the order of the log.
/// </summary>
public sealed class WatchThroughReader(NpgsqlDataSource source)
{
    private const int PageOfPeople = 500;

    /// <summary>Counts.</summary>
    /// <param name="channel">One channel; channels are never mixed.</param>
    /// <param name="window">How long after the slate a watch counts, both ends included, to the millisecond.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<WatchThroughCounts> CountAsync(string channel, TimeSpan window, CancellationToken cancel = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var view = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var people = new PeopleTables(connection, new(), new());
        var (attribution, counts) = (new Attribution([new("watch-through", ["watched"], window, MetricUnit.Slate)]), new OnlineCounts());
        for (var last = ""; ;)
        {
            var page = await people.PageAsync(last, PageOfPeople, attribution.Window, cancel);
            if (page.Count == 0) break;
            foreach (var (user, person) in page)
            {
                person.Outcomes.Sort(Attribution.ByTime);
                foreach (var slate in person.OldSlates.Where(s => s.Series.Channel == channel)) attribution.Count(slate, person.Outcomes, counts);
                last = user;
            }
        }
        return new(counts.Cells.Values.Sum(c => c.Slates), counts.Cells.Values.Sum(c => c.Converted[0].Slates));
    }
}
