using System.Runtime.CompilerServices;
using Npgsql;
using Recs.EventStore.Evolving;

namespace Recs.EventStore.Following;

/// <summary>The log up to a ceiling: the events of the wanted types after the last page, and the position that the page reaches.</summary>
/// <param name="Events">In log order; may be empty while <paramref name="Through"/> advances.</param>
/// <param name="Through">Everything at or below this position was seen.</param>
public sealed record LogPage(IReadOnlyList<RecordedEvent> Events, long Through);

/// <summary>
/// Reads pages of the log in order, never past the high-water mark, and waits for more. For caches and relays; projections use the daemon. It outlives
/// restarts of the server: the next page comes from where the last one ended.
/// </summary>
public sealed class LogSubscription(NpgsqlDataSource source, EventStoreOptions options, EventTypes types, HighWaterMark mark)
{
    /// <summary>Pages after a position, forever; <paramref name="afterSequence"/> 0 is the start, <see cref="HighWaterMark.Current"/> is now.</summary>
    /// <param name="afterSequence">Position already seen.</param>
    /// <param name="onlyTypes">Aliases wanted (older ones that are upcast into them come too); null for all.</param>
    /// <param name="pageSize">Most events on a page.</param>
    /// <param name="cancel">Ends the subscription with <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<LogPage> FollowAsync(
        long afterSequence, IReadOnlyCollection<string>? onlyTypes = null, int pageSize = 1000, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterSequence);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        var pages = new LogPages(options.Schema, types, onlyTypes);
        var seen = afterSequence;
        while (true)
        {
            var ceiling = await mark.WaitPastAsync(seen, cancel);
            while (seen < ceiling)
            {
                var page = await ReadAsync(pages, seen, ceiling, pageSize, cancel);
                yield return page;
                seen = page.Through;
            }
        }
    }

    private async Task<LogPage> ReadAsync(LogPages pages, long after, long ceiling, int pageSize, CancellationToken cancel)
    {
        var backOff = new BackOff();
        while (true)
        {
            try
            {
                await using var batch = source.CreateBatch();
                batch.BatchCommands.Add(pages.Statement(after, ceiling, pageSize));
                await using var row = await batch.ExecuteReaderAsync(cancel);
                var events = await pages.ReadAsync(row, cancel);
                return new(events, events.Count < pageSize ? ceiling : events[^1].Sequence);
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await backOff.WaitAsync(cancel);
                cancel.ThrowIfCancellationRequested();
            }
        }
    }
}
