using Npgsql;
using NpgsqlTypes;

namespace Recs.EventStore.Appending;

/// <summary>
/// The one statement that stores a batch, whatever the number of its streams: stream rows are locked in key order, so that writers cannot
/// deadlock; sequence numbers are drawn in arrival order, after all those locks are held, so that the order of the log agrees with the
/// order of the versions. A stream that is archived or not at its expected version is left alone, and its events with it: the caller sees
/// that from the version that comes back.
/// </summary>
internal static class AppendStatement
{
    /// <summary>
    /// The batch as a command. It returns one row: each stream's version after the batch, in the order of <see cref="AppendBatch.StreamIds"/>, 0 where the stream
    /// was refused; and the sequence numbers of the stored events in arrival order.
    /// </summary>
    /// <param name="schema">Schema of the log.</param>
    /// <param name="batch">What to store.</param>
    /// <param name="markTime">Whether to note the first event's position in <c>recs_log_time</c>, unless another process's mark before it is newer.</param>
    public static NpgsqlBatchCommand Command(string schema, AppendBatch batch, bool markTime)
    {
        var expects = batch.Appends.Any(a => a.HasExpectation);
        var command = new NpgsqlBatchCommand(Sql(schema, expects, markTime));
        var parameters = command.Parameters;
        parameters.Add(Array(batch.StreamIds, NpgsqlDbType.Varchar));
        parameters.Add(Array(batch.Counts, NpgsqlDbType.Bigint));
        parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = batch.Now });
        parameters.Add(Array(batch.EventStreams, NpgsqlDbType.Varchar));
        parameters.Add(Array(batch.Ordinals, NpgsqlDbType.Integer));
        parameters.Add(Array(batch.FromEnd, NpgsqlDbType.Integer));
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
    /// hashing, and goes to the tables by their keys also when it was made while they were still small. Durable means flushed.
    /// </summary>
    public const string SessionSettings =
        "set plan_cache_mode = force_generic_plan; set enable_nestloop = off; set enable_mergejoin = off; set enable_seqscan = off; set work_mem = '32MB'; "
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
        // Versions come back as one array by stream, so that the events need neither a join nor a sort: they are inserted in the order in which they
        // were sent. The filter on it is evaluated before the first nextval, and needs every stream row locked.
        var store = $"""
            with touched as (
              insert into {schema}.mt_streams as s (id, version, timestamp, created)
              select i.id, i.events, $3, $3 from (select unnest($1) as id, unnest($2) as events{expected}) i
              {creatable}
              order by i.id collate "C"
              on conflict (id) do update set version = coalesce(s.version, 0) + excluded.version, timestamp = excluded.timestamp
              where s.is_archived is not true {atExpected}
              returning s.id, s.version),
            reached as (
              select array_agg(coalesce(t.version, 0) order by i.ordinal) as versions
              from unnest($1) with ordinality as i (id, ordinal) left join touched t on t.id = i.id)
            """;
        var insert = $"""
            insert into {schema}.mt_events
              (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
            select nextval('{schema}.mt_events_sequence'), e.id, e.stream_id, (select versions from reached)[e.ordinal] + e.from_end, e.data, e.type, $3,
              e.dotnet_type, e.correlation_id, e.causation_id, e.headers
            from unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
              as e (stream_id, ordinal, from_end, id, type, data, dotnet_type, correlation_id, causation_id, headers)
            where (select versions from reached)[e.ordinal] > 0
            returning seq_id
            """;
        var mark = markTime
            ? $"""
               first as (select min(seq_id) as seq_id from stored),
               marked as (
                 insert into {schema}.recs_log_time (seq_id, timestamp) select f.seq_id, $3 from first f
                 where f.seq_id is not null and {LogTimeMarks.Rises(schema, "f.seq_id", "$3")}),
               """
            : "";
        return $"""
            {store}, stored as ({insert}), {mark}
            drawn as (select coalesce(array_agg(seq_id), array[]::bigint[]) as sequences from stored)
            select (select versions from reached), sequences from drawn
            """;
    }

    private static NpgsqlParameter<T[]> Array<T>(T[] values, NpgsqlDbType element) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
