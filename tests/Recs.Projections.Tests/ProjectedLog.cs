using System.Text;
using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Projecting;
using Recs.EventStore.Schema;
using Recs.Testing;

namespace Recs.Projections.Tests;

/// <summary>A fresh database with the log and the read models, and an appender of raw facts.</summary>
internal sealed class ProjectedLog : IAsyncDisposable
{
    private readonly TestDatabase database;

    private ProjectedLog(TestDatabase database) => this.database = database;

    public EventStoreOptions Options { get; } = new();
    public EventTypes Types { get; } = new();
    public NpgsqlDataSource Source => database.Source;
    public ProjectionRebuild Rebuild => new(Source, Options, Types);

    public static async Task<ProjectedLog> CreateAsync()
    {
        var log = new ProjectedLog(await TestDatabase.CreateAsync());
        await SchemaMigrations.ApplyAsync(log.Source, log.Options, [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly]);
        return log;
    }

    /// <summary>Appends by plain SQL, as any foreign writer could.</summary>
    public async Task AppendAsync(IEnumerable<Fact> facts)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var chunk in facts.Chunk(500))
        {
            await using var command = new NpgsqlCommand(
                """
                with f as (select * from unnest($1, $2, $3, $4) with ordinality as f(stream, type, json, correlation, place)),
                streams as (
                  insert into recs.mt_streams (id, version) select stream, count(*) from f group by stream
                  on conflict (id) do update set version = mt_streams.version + excluded.version returning id, version)
                insert into recs.mt_events (seq_id, id, stream_id, version, data, type, timestamp, correlation_id)
                select nextval('recs.mt_events_sequence'), gen_random_uuid(), stream, v, json, type, now(), correlation
                from (select f.*, s.version - count(*) over (partition by f.stream order by f.place desc) + 1 as v from f join streams s on s.id = f.stream order by f.place) o
                """, connection, transaction);
            command.Parameters.Add(new() { Value = chunk.Select(f => f.Stream).ToArray() });
            command.Parameters.Add(new() { Value = chunk.Select(f => f.Type).ToArray() });
            command.Parameters.Add(new() { Value = chunk.Select(f => f.Json).ToArray(), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Jsonb });
            command.Parameters.Add(new() { Value = chunk.Select(f => f.Correlation).ToArray() });
            await command.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
    }

    /// <summary>Folds the log as it stands by the running path, in batches of the given sizes, over and over.</summary>
    public async Task ProjectAsync(IProjection projection, params int[] batches)
    {
        var reader = new EventStore.Reading.EventReader(Source, Options, Types);
        var events = new List<RecordedEvent>();
        await foreach (var e in reader.ReadLogAsync(0, long.MaxValue, projection.Types)) events.Add(e);
        await using var connection = await Source.OpenConnectionAsync();
        for (var (at, i) = (0, 0); at < events.Count; i++)
        {
            var size = Math.Min(batches[i % batches.Length], events.Count - at);
            await using var transaction = await connection.BeginTransactionAsync();
            await projection.ApplyAsync(events.GetRange(at, size), connection, transaction, CancellationToken.None);
            await transaction.CommitAsync();
            at += size;
        }
        await ExecuteAsync(
            "insert into recs.mt_event_progression (name, last_seq_id) select $1, coalesce(max(seq_id), 0) from recs.mt_events on conflict (name) do update set last_seq_id = excluded.last_seq_id",
            projection.Name + ":All");
    }

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string>> LinesAsync(string sql, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await row.ReadAsync()) lines.Add(string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? "" : row.GetValue(i).ToString())));
        return lines;
    }

    /// <summary>All rows of a projection's tables as text.</summary>
    public async Task<string> RowsAsync(IProjection projection)
    {
        var text = new StringBuilder();
        foreach (var table in projection.Tables)
            foreach (var line in await LinesAsync($"select t::text from {table} t order by 1"))
                text.Append(table).Append(' ').AppendLine(line);
        return text.ToString();
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();
}

/// <summary>A fact to append.</summary>
internal sealed record Fact(string Stream, string Type, string Json, string? Correlation = null);
