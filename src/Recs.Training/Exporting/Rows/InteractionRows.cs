using System.Buffers.Binary;
using Npgsql;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.Training.Exporting.Tables;
using Recs.Training.Snapshots;

namespace Recs.Training.Exporting.Rows;

/// <summary>The table of a snapshot's ratings and watches, in the order of the log.</summary>
internal sealed class InteractionRows(
    ITableWriter table, NpgsqlConnection connection, string schema, EventTypes types, SnapshotScope scope, SeenIds seen, Action<long>? progress)
{
    private const int RowsPerReport = 1 << 16;
    private const int Fields = 7;

    /// <summary>Its columns.</summary>
    public static TableSchema Schema { get; } = new("interactions",
    [
        new("user_id", ColumnType.Text), new("movie_id", ColumnType.Text), new("kind", ColumnType.Text), new("rating", ColumnType.Double, Optional: true),
        new("minute", ColumnType.Int32, Optional: true), new("at", ColumnType.Timestamp), new("sequence", ColumnType.Int64),
    ]);

    private static ReadOnlySpan<byte> Rate => "rate"u8;
    private static ReadOnlySpan<byte> Watch => "watch"u8;

    /// <summary>Writes all rows.</summary>
    public Task WriteAsync(CancellationToken cancel) => SnapshotScope.MayHoldOlderShapes(types) ? WriteUpcastAsync(cancel) : WriteColumnsAsync(cancel);

    /// <summary>The quick way: PostgreSQL takes the columns out of the bodies and copies them out in binary.</summary>
    private async Task WriteColumnsAsync(CancellationToken cancel)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy (select seq_id, data->>'UserId', data->>'MovieId', type = '{EventAliases.MovieRated}', (data->'Rating')::float8, (data->'Minute')::int4, data->'At' "
            + $"from {schema}.mt_events where {scope.Sql} order by seq_id) to stdout (format binary)", cancel);
        var rows = new BinaryCopy(copy, Fields);
        while (await rows.NextAsync(cancel))
        {
            Write(rows);
            Report();
        }
    }

    private void Write(BinaryCopy row)
    {
        table.Text(row.Id("UserId"));
        table.Text(row.Id("MovieId"));
        var isRating = row.Field("type")[0] != 0;
        table.Text(isRating ? Rate : Watch);
        var halfStars = row.HalfStars();
        if (isRating == (halfStars == 0))
            throw new InvalidDataException($"Event {row.Sequence} {(isRating ? "is a rating without a Rating" : "is a watch with a Rating")}.");
        if (isRating)
            table.Number(halfStars / 2.0);
        else
            table.Null();
        var hasMinute = row.TryField(out var minute);
        if (hasMinute && !isRating)
            table.Whole(BinaryPrimitives.ReadInt32BigEndian(minute));
        else
            table.Null();
        table.Time(row.At());
        table.Whole(row.Sequence);
        table.EndRow();
    }

    /// <summary>The way when a body of an older shape may be in the log: every event goes through the upcasters.</summary>
    private async Task WriteUpcastAsync(CancellationToken cancel)
    {
        seen.Collect();
        await using var command = new NpgsqlCommand(
            $"select seq_id, type, data, correlation_id from {schema}.mt_events where seq_id <= $1 and type = any($2) and is_archived = false order by seq_id", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = scope.ThroughSequence });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. types.WithOlder(SnapshotScope.Aliases)] });
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var e = new RecordedEvent(
                row.GetInt64(0), Guid.Empty, "", 0, row.GetString(1), row.GetFieldValue<byte[]>(2), default, row.IsDBNull(3) ? null : row.GetString(3), null);
            if (!scope.Admits(e))
                continue;
            Write(types.Decode(e), e.Sequence);
            Report();
        }
    }

    private void Write(object fact, long sequence)
    {
        var (user, movie, at) = fact switch
        {
            MovieRated rated => (rated.UserId, rated.MovieId, rated.At),
            MovieWatched watched => (watched.UserId, watched.MovieId, watched.At),
            _ => throw new InvalidDataException($"Event {sequence} is no rating and no watch."),
        };
        seen.Note(user, movie);
        table.Text(user);
        table.Text(movie);
        table.Text(fact is MovieRated ? Rate : Watch);
        if (fact is MovieRated { Rating: var stars })
            table.Number(InteractionSetBuilder.ToHalfStars(stars) / 2.0);
        else
            table.Null();
        table.Whole((fact as MovieWatched)?.Minute);
        table.Time(at);
        table.Whole(sequence);
        table.EndRow();
    }

    private void Report()
    {
        if (table.Rows % RowsPerReport == 0)
            progress?.Invoke(table.Rows);
    }
}
