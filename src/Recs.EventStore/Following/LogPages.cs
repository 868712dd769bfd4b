using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.EventStore.Telemetry;

namespace Recs.EventStore.Following;

/// <summary>Reads one page of the log. The statement's text is the same for every page, so a connection plans it once.</summary>
internal sealed class LogPages(string schema, EventTypes types, IReadOnlyCollection<string>? onlyTypes)
{
    private const int TraceColumn = 9;
    private readonly string plain = Sql(schema, onlyTypes is null, "");
    private readonly string traced = Sql(schema, onlyTypes is null, $", headers->>'{TraceHeader.Name}'");
    private readonly string[]? wanted = onlyTypes is null ? null : [.. types.WithOlder(onlyTypes)];

    /// <summary>The statement for a page.</summary>
    /// <param name="after">Position already read.</param>
    /// <param name="through">Last position wanted.</param>
    /// <param name="limit">Most events.</param>
    /// <param name="withTraces">Read where each event came from, for spans.</param>
    public NpgsqlBatchCommand Statement(long after, long through, int limit, bool withTraces = false)
    {
        var command = new NpgsqlBatchCommand(withTraces ? traced : plain);
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
                row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8))
            {
                TraceParent = row.FieldCount > TraceColumn && !row.IsDBNull(TraceColumn) ? row.GetString(TraceColumn) : null,
            });
        }
        return events;
    }

    private static string Sql(string schema, bool anyType, string more) =>
        $"""
         select seq_id, id, stream_id, version, type, data, timestamp, correlation_id, causation_id{more}
         from {schema}.mt_events
         where seq_id > $1 and seq_id <= $2 and is_archived = false and {(anyType ? $"type <> '{EventReader.Tombstone}'" : "type = any($4)")}
         order by seq_id limit $3
         """;
}
