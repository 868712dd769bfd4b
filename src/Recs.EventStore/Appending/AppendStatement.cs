using Npgsql;
using NpgsqlTypes;

namespace Recs.EventStore.Appending;

/// <summary>
/// The one statement that stores a batch, whatever the number of its streams: stream rows are locked in key order, so that writers cannot
/// deadlock; sequence numbers are drawn in arrival order, after all those locks are held, so that the order of the log agrees with the
/// order of the versions. A stream that is archived or not at its expected version is left alone, and its events with it: the caller sees
/// that from the rows that come back.
/// </summary>
internal static class AppendStatement
{
    /// <summary>The batch as a prepared-statement command: returns sequence, version and id of each stored event in arrival order.</summary>
    /// <param name="schema">Schema of the log.</param>
    /// <param name="batch">What to store.</param>
    /// <param name="markTime">Whether to note the first event's position in <c>recs_log_time</c>.</param>
    public static NpgsqlBatchCommand Command(string schema, AppendBatch batch, bool markTime)
    {
        var expects = batch.Appends.Any(a => a.HasExpectation);
        var command = new NpgsqlBatchCommand(Sql(schema, expects, markTime));
        var parameters = command.Parameters;
        parameters.Add(Array(batch.StreamIds, NpgsqlDbType.Varchar));
        parameters.Add(Array(batch.Counts, NpgsqlDbType.Bigint));
        parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = batch.Now });
        parameters.Add(Array(batch.EventStreams, NpgsqlDbType.Varchar));
        parameters.Add(Array(batch.FromEnd, NpgsqlDbType.Integer));
        parameters.Add(Array(batch.Arrival, NpgsqlDbType.Integer));
        parameters.Add(Array(batch.EventIds, NpgsqlDbType.Uuid));
        parameters.Add(Array(batch.Types, NpgsqlDbType.Varchar));
        parameters.Add(Array(batch.Bodies, NpgsqlDbType.Jsonb));
        parameters.Add(Array(batch.DotNetTypes, NpgsqlDbType.Varchar));
        parameters.Add(Array(batch.CorrelationIds, NpgsqlDbType.Varchar));
        parameters.Add(Array(batch.CausationIds, NpgsqlDbType.Varchar));
        parameters.Add(Array(batch.Headers, NpgsqlDbType.Jsonb));
        if (expects) parameters.Add(Array(batch.Expected, NpgsqlDbType.Bigint));
        return command;
    }

    /// <summary>
    /// Settings of a writer's session. The statement's plan must not depend on guesses about array lengths: it is made once, and joins by
    /// hashing. Durable means flushed.
    /// </summary>
    public const string SessionSettings =
        "set plan_cache_mode = force_generic_plan; set enable_nestloop = off; set enable_mergejoin = off; set work_mem = '32MB'; "
        + "set synchronous_commit = on; set jit = off";

    private static string Sql(string schema, bool expects, bool markTime)
    {
        // The sub-selects over the arrays do not look at the row, so they are hashed once for the whole statement.
        var (expected, creatable, atExpected) = expects
            ? (", unnest($14) as expected",
               "where i.expected <= 0 or (select true from " + schema + ".mt_streams k where k.id = i.id)",
               """
               and (s.id in (select i.id from (select unnest($1) as id, unnest($14) as expected) i where i.expected < 0)
                    or (s.id, coalesce(s.version, 0)) in (select unnest($1), unnest($14)))
               """)
            : ("", "", "");
        // "order by arrival" over a plain column: the planner cannot take it for granted, so there is a real sort, and nothing above it (such as
        // nextval) runs before every stream row is locked.
        var store = $"""
            with touched as (
              insert into {schema}.mt_streams as s (id, version, timestamp, created)
              select i.id, i.events, $3, $3 from (select unnest($1) as id, unnest($2) as events{expected}) i
              {creatable}
              order by i.id collate "C"
              on conflict (id) do update set version = coalesce(s.version, 0) + excluded.version, timestamp = excluded.timestamp
              where s.is_archived is not true {atExpected}
              returning s.id, s.version)
            """;
        var insert = $"""
            insert into {schema}.mt_events
              (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
            select nextval('{schema}.mt_events_sequence'), e.id, e.stream_id, e.version, e.data, e.type, $3, e.dotnet_type, e.correlation_id, e.causation_id, e.headers
            from (
              select e.*, t.version + e.from_end as version
              from unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                as e (stream_id, from_end, arrival, id, type, data, dotnet_type, correlation_id, causation_id, headers)
              join touched t on t.id = e.stream_id
              order by e.arrival) e
            returning seq_id, version, id
            """;
        return markTime
            ? $"""
              {store}, stored as ({insert}),
              marked as (insert into {schema}.recs_log_time (seq_id, timestamp) select min(seq_id), $3 from stored having min(seq_id) is not null)
              select seq_id, version, id from stored
              """
            : $"{store} {insert}";
    }

    private static NpgsqlParameter<T[]> Array<T>(T[] values, NpgsqlDbType element) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
