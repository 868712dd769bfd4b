using Npgsql;
using NpgsqlTypes;
using Recs.EventStore;

namespace Recs.Benchmarks.Appending;

/// <summary>
/// What PostgreSQL itself can do: versions already known, a multi-row upsert of the stream rows and a multi-row insert of the events, prepared, in
/// one round trip and one transaction. No conflict is looked for and nothing comes back.
/// </summary>
internal sealed class RawStatement(NpgsqlConnection connection, string schema)
{
    private readonly Dictionary<string, long> versions = [];

    /// <summary>Stores the events and waits for the commit.</summary>
    public async Task StoreAsync((string Stream, NewEvent Event)[] events)
    {
        var at = new long[events.Length];
        for (var i = 0; i < at.Length; i++) at[i] = versions[events[i].Stream] = versions.GetValueOrDefault(events[i].Stream) + 1;
        string[] streams = [.. events.Select(e => e.Stream).Distinct()];
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new($"""
            insert into {schema}.mt_streams (id, version) select * from unnest($1, $2)
            on conflict (id) do update set version = excluded.version, timestamp = excluded.timestamp
            """) { Parameters = { Array(streams, NpgsqlDbType.Varchar), Array([.. streams.Select(s => versions[s])], NpgsqlDbType.Bigint) } });
        batch.BatchCommands.Add(new($"""
            insert into {schema}.mt_events (seq_id, id, stream_id, version, data, type, correlation_id, timestamp)
            select nextval('{schema}.mt_events_sequence'), e.*, now() from unnest($1, $2, $3, $4, $5, $6) e
            """)
        {
            Parameters =
            {
                Array([.. events.Select(e => e.Event.Id)], NpgsqlDbType.Uuid), Array([.. events.Select(e => e.Stream)], NpgsqlDbType.Varchar),
                Array(at, NpgsqlDbType.Bigint), Array([.. events.Select(e => e.Event.Data.ToArray())], NpgsqlDbType.Jsonb),
                Array([.. events.Select(e => e.Event.Type)], NpgsqlDbType.Varchar), Array([.. events.Select(e => e.Event.CorrelationId)], NpgsqlDbType.Varchar),
            },
        });
        await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter<T[]> Array<T>(T[] values, NpgsqlDbType element) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
