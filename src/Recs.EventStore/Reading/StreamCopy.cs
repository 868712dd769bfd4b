using System.Text;
using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Projecting;

namespace Recs.EventStore.Reading;

/// <summary>Folds streams as they come over COPY.</summary>
public interface IStreamFold
{
    /// <summary>Folds one event: streams one after the other, each in order of version. The event has no timestamp and no correlation id.</summary>
    void Apply(in RawEvent e);

    /// <summary>Called now and then between events, and after the last one; what it waits for holds the reading up.</summary>
    /// <param name="cancel">Stops the reading.</param>
    ValueTask SettleAsync(CancellationToken cancel);
}

/// <summary>
/// Reads many streams over one COPY, without an object per event. Streams are looked up one by one in the index and so come without a sort: a million events of
/// six thousand streams in a third of the time that <c>order by stream_id</c> over all of them takes.
/// </summary>
internal sealed class StreamCopy(NpgsqlDataSource source, EventStoreOptions options, EventTypes types)
{
    public async Task RunAsync(IReadOnlyCollection<string> streamIds, IStreamFold fold, CancellationToken cancel)
    {
        var ids = string.Join(',', streamIds.Select(id => $"'{id.Replace("'", "''", StringComparison.Ordinal)}'"));
        var copy =
            $"""
             copy (select e.seq_id, e.version, e.stream_id, e.type, e.data from unnest(array[{ids}]::varchar[]) as wanted(id)
                   join lateral (select seq_id, version, stream_id, type, data from {options.Schema}.mt_events
                                 where stream_id = wanted.id and type <> '{EventReader.Tombstone}' and is_archived = false order by version) e on true)
             to stdout (format binary)
             """;
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var rows = await BinaryCopyRows.BeginAsync(connection, copy, columns: 5, cancel);
        while (true)
        {
            var ended = FoldBlock(rows, fold);
            await fold.SettleAsync(cancel);
            if (ended) return;
            await rows.MoreAsync();
        }
    }

    private bool FoldBlock(BinaryCopyRows rows, IStreamFold fold)
    {
        while (true)
        {
            var next = rows.TryNext();
            if (next is not true) return next is null;
            var type = rows.Field(3);
            var data = rows.Field(4)[1..]; // jsonb comes with a version byte in front
            if (types.AnyUpcasters)
            {
                var (newest, body) = types.Upcast(Encoding.UTF8.GetString(type), data.ToArray());
                type = Encoding.UTF8.GetBytes(newest);
                data = body.Span;
            }
            fold.Apply(new RawEvent(rows.Number(0), rows.Number(1), rows.Field(2), type, data, default, default));
        }
    }
}
