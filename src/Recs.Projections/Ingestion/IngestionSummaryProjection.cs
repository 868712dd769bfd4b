using Npgsql;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Projecting;

namespace Recs.Projections.Ingestion;

/// <summary>Counts what came in by source and type (db/0103-ingestion.sql).</summary>
public sealed class IngestionSummaryProjection : IProjection
{
    private const string Table = "read.ingestion";

    /// <inheritdoc/>
    public string Name => "IngestionSummary";
    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } =
    [
        EventAliases.UserRegistered, EventAliases.UserChanged, EventAliases.MovieWatched, EventAliases.MovieRated, EventAliases.MovieOpened,
        EventAliases.UserErased, EventAliases.MovieAdded, EventAliases.MovieChanged,
    ];
    /// <inheritdoc/>
    public IReadOnlyList<string> Tables { get; } = [Table];

    /// <inheritdoc/>
    public IProjectionFold BeginFold() => new Fold();

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        var counts = new IngestionCounts();
        foreach (var e in events) counts.Add(e);
        return MergeAsync(counts, Table, connection, cancel);
    }

    private static async Task MergeAsync(IngestionCounts counts, string table, NpgsqlConnection connection, CancellationToken cancel)
    {
        var rows = counts.BySource();
        await using var command = new NpgsqlCommand(
            $"""
             insert into {table} as t (source, type, events, first_at, last_at, first_sequence, last_sequence)
             select * from unnest($1, $2, $3, $4, $5, $6, $7)
             on conflict (source, type) do update set
               events = t.events + excluded.events, first_at = least(t.first_at, excluded.first_at), last_at = greatest(t.last_at, excluded.last_at),
               first_sequence = least(t.first_sequence, excluded.first_sequence), last_sequence = greatest(t.last_sequence, excluded.last_sequence)
             """, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. rows.Keys.Select(k => k.Source)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. rows.Keys.Select(k => k.Type)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. rows.Values.Select(s => s.Events)] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset?[]> { TypedValue = [.. rows.Values.Select(s => s.FirstAt)] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset?[]> { TypedValue = [.. rows.Values.Select(s => s.LastAt)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. rows.Values.Select(s => s.FirstSequence)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. rows.Values.Select(s => s.LastSequence)] });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private sealed class Fold : IProjectionFold
    {
        private readonly IngestionCounts counts = new();

        public void Apply(in RawEvent e) => counts.Add(e.Sequence, e.Type, e.CorrelationId, e.Data);

        public Task WriteAsync(NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
            => MergeAsync(counts, table(Table), connection, cancel);
    }
}
