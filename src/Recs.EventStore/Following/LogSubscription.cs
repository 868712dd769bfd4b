using Npgsql;
using Recs.EventStore.Evolving;

namespace Recs.EventStore.Following;

/// <summary>The log up to a ceiling: the events of the wanted types after the last page, and the position that the page reaches.</summary>
/// <param name="Events">In log order; may be empty while <paramref name="Through"/> advances.</param>
/// <param name="Through">Everything at or below this position was seen.</param>
public sealed record LogPage(IReadOnlyList<RecordedEvent> Events, long Through);

/// <summary>Reads pages of the log in order, never past the high-water mark, and waits for more. For caches and relays; projections use the daemon.</summary>
public sealed class LogSubscription(NpgsqlDataSource source, EventStoreOptions options, EventTypes types, HighWaterMark mark)
{
    /// <summary>Pages after a position, forever; <paramref name="afterSequence"/> 0 is the start, <see cref="HighWaterMark.Current"/> is now.</summary>
    public IAsyncEnumerable<LogPage> FollowAsync(long afterSequence, IReadOnlyCollection<string>? onlyTypes = null, int pageSize = 1000, CancellationToken cancel = default) => throw new NotImplementedException();
    private readonly (NpgsqlDataSource, EventStoreOptions, EventTypes, HighWaterMark) _ = (source, options, types, mark);
}
