using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.EventStore.Following;

/// <summary>Reads one page of the log. The statement's text is the same for every page, so a connection plans it once.</summary>
internal sealed class LogPages(string schema, EventTypes types, IReadOnlyCollection<string>? onlyTypes)
{
    private readonly string sql =
        $"""
         select seq_id, id, stream_id, version, type, data, timestamp, correlation_id, causation_id
         from {schema}.mt_events
         where seq_id > $1 and seq_id <= $2 and is_archived = false and {(onlyTypes is null ? $"type <> '{EventReader.Tombstone}'" : "type = any($4)")}
         order by seq_id limit $3
         """;

    private readonly string[]? wanted = onlyTypes is null ? null : [.. types.WithOlder(onlyTypes)];

    /// <summary>The statement for a page.</summary>
    public NpgsqlBatchCommand Statement(long after, long through, int limit)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        if (wanted is not null) command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = wanted });
        return command;
    }

    /// <summary>Reads the rows of <see cref="Statement"/>, upcast.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> ReadAsync(NpgsqlDataReader row, CancellationToken cancel)
    {
        var events = new List<RecordedEvent>();
        while (await row.ReadAsync(cancel))
        {
            var (type, data) = types.Upcast(row.GetString(4), row.GetFieldValue<byte[]>(5));
            events.Add(new(
                row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetInt64(3), type, data, row.GetFieldValue<DateTimeOffset>(6),
                row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8)));
        }
        return events;
    }
}
