using System.Text;
using Npgsql;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Projecting;

namespace Recs.Projections.Served;

/// <summary>Counts slates per day, channel and model version, and requests that got none (db/0106-served.sql, db/0111-observed-slates.sql).</summary>
public sealed class ServedSummaryProjection : IProjection
{
    private const string Slates = "read.served";
    private const string Failures = "read.served_failures";
    private static readonly byte[] FailedAlias = Encoding.UTF8.GetBytes(EventAliases.RecommendationFailed);
    private static readonly byte[] ObservedAlias = Encoding.UTF8.GetBytes(EventAliases.RecommendationObserved);

    /// <inheritdoc/>
    public string Name => "ServedSummary";
    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = [EventAliases.RecommendationServed, EventAliases.RecommendationObserved, EventAliases.RecommendationFailed];
    /// <inheritdoc/>
    public IReadOnlyList<string> Tables { get; } = [Slates, Failures];
    /// <inheritdoc/>
    public TimeSpan BatchEvery { get; } = TimeSpan.FromMilliseconds(500); // it only counts: nobody waits for it, and each batch rewrites the same few rows

    /// <inheritdoc/>
    public IProjectionFold BeginFold() => new Fold();

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        var counts = new ServedCounts();
        foreach (var e in events) counts.Add(AnswerOf(e.Type), e.Data.Span);
        return MergeAsync(counts, connection, t => t, cancel);
    }

    private static async Task MergeAsync(ServedCounts counts, NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        var slates = new NpgsqlBatchCommand(
            $"""
             insert into {table(Slates)} as t (day, channel, model_version, slates, personalized, items, latency_microseconds, slowest_microseconds)
             select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (day, channel, model_version) do update set slates = t.slates + excluded.slates, personalized = t.personalized + excluded.personalized,
               items = t.items + excluded.items, latency_microseconds = t.latency_microseconds + excluded.latency_microseconds,
               slowest_microseconds = greatest(t.slowest_microseconds, excluded.slowest_microseconds)
             """);
        slates.Parameters.Add(Array(counts.Slates.Keys.Select(k => k.Day)));
        slates.Parameters.Add(Array(counts.Slates.Keys.Select(k => k.Channel)));
        slates.Parameters.Add(Array(counts.Slates.Keys.Select(k => k.ModelVersion)));
        slates.Parameters.Add(Array(counts.Slates.Values.Select(c => c.Slates)));
        slates.Parameters.Add(Array(counts.Slates.Values.Select(c => c.Personalized)));
        slates.Parameters.Add(Array(counts.Slates.Values.Select(c => c.Items)));
        slates.Parameters.Add(Array(counts.Slates.Values.Select(c => c.LatencyMicroseconds)));
        slates.Parameters.Add(Array(counts.Slates.Values.Select(c => c.SlowestMicroseconds)));
        var failures = new NpgsqlBatchCommand(
            $"insert into {table(Failures)} as t (day, channel, reason, requests) select * from unnest($1, $2, $3, $4) "
            + "on conflict (day, channel, reason) do update set requests = t.requests + excluded.requests");
        failures.Parameters.Add(Array(counts.Failures.Keys.Select(k => k.Day)));
        failures.Parameters.Add(Array(counts.Failures.Keys.Select(k => k.Channel)));
        failures.Parameters.Add(Array(counts.Failures.Keys.Select(k => k.Reason)));
        failures.Parameters.Add(Array(counts.Failures.Values));
        batch.BatchCommands.Add(slates);
        batch.BatchCommands.Add(failures);
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static Answer AnswerOf(string alias) => alias switch
    {
        EventAliases.RecommendationFailed => Answer.Failed,
        EventAliases.RecommendationObserved => Answer.Observed,
        _ => Answer.Served,
    };

    private static NpgsqlParameter<T[]> Array<T>(IEnumerable<T> values) => new() { TypedValue = [.. values] };

    private sealed class Fold : IProjectionFold
    {
        private readonly ServedCounts counts = new();

        public void Apply(in RawEvent e) => counts.Add(e.Type.SequenceEqual(FailedAlias) ? Answer.Failed : e.Type.SequenceEqual(ObservedAlias) ? Answer.Observed : Answer.Served, e.Data);

        public Task WriteAsync(NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel) => MergeAsync(counts, connection, table, cancel);
    }
}
