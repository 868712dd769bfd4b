using System.Text;
using Npgsql;
using Recs.EventStore.Evolving;

namespace Recs.EventStore.Projecting;

/// <summary>Folds the log in memory over a COPY of it, in the transaction (and so in the view) that the connection is in.</summary>
internal sealed class LogFold(EventStoreOptions options, EventTypes types)
{
    private static readonly long Epoch2000 = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    /// <summary>Folds all events of the projection's types through a position.</summary>
    /// <returns>Number of events folded.</returns>
    public async Task<long> RunAsync(
        NpgsqlConnection connection, IProjection projection, IProjectionFold fold, long through, IProgress<(long Done, long Total)>? progress, CancellationToken cancel)
    {
        var wanted = string.Join(", ", types.WithOlder(projection.Types).Select(t => $"'{t.Replace("'", "''", StringComparison.Ordinal)}'"));
        var copy =
            $"""
             copy (select seq_id, version, stream_id, type, timestamp, data, correlation_id from {options.Schema}.mt_events
                   where seq_id <= {through} and type in ({wanted}) and is_archived = false order by seq_id)
             to stdout (format binary)
             """;
        await using var rows = await BinaryCopyRows.BeginAsync(connection, copy, columns: 7, cancel);
        var folded = 0L;
        while (true)
        {
            var (count, last, ended) = FoldBlock(rows, fold);
            folded += count;
            if (count > 0) progress?.Report((last, through));
            if (ended) return folded;
            await rows.MoreAsync();
        }
    }

    private (long Count, long Last, bool Ended) FoldBlock(BinaryCopyRows rows, IProjectionFold fold)
    {
        var (count, last) = (0L, 0L);
        while (true)
        {
            var next = rows.TryNext();
            if (next is not true) return (count, last, next is null);
            last = rows.Number(0);
            Apply(rows, fold, last);
            count++;
        }
    }

    private void Apply(BinaryCopyRows rows, IProjectionFold fold, long sequence)
    {
        var type = rows.Field(3);
        var data = rows.Field(5)[1..]; // jsonb comes with a version byte in front
        try
        {
            if (types.AnyUpcasters)
            {
                var alias = Encoding.UTF8.GetString(type);
                if (types.Newest(alias) != alias)
                {
                    var (newest, body) = types.Upcast(alias, data.ToArray());
                    type = Encoding.UTF8.GetBytes(newest);
                    data = body.Span;
                }
            }
            fold.Apply(new RawEvent(
                sequence, rows.Number(1), rows.Field(2), type, data, new DateTimeOffset(Epoch2000 + rows.Number(4) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero), rows.Field(6)));
        }
        catch (Exception e)
        {
            throw new InvalidDataException(
                $"Event {sequence} of stream '{Encoding.UTF8.GetString(rows.Field(2))}', type '{Encoding.UTF8.GetString(rows.Field(3))}', cannot be folded: {e.Message}", e);
        }
    }
}
