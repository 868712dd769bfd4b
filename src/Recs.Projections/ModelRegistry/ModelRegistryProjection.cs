using System.Text;
using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Projecting;

namespace Recs.Projections.ModelRegistry;

/// <summary>
/// Keeps snapshots, trainings, versions and promotions (db/0104-model-registry.sql). There are few such events, so a fresh fold remembers them and runs
/// the very statements that the running projection runs.
/// </summary>
public sealed class ModelRegistryProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => "ModelRegistry";
    /// <inheritdoc/>
    public IReadOnlyList<string> Types => [.. RegistryStatements.ByType.Keys];
    /// <inheritdoc/>
    public IReadOnlyList<string> Tables => RegistryStatements.Tables;

    /// <inheritdoc/>
    public IProjectionFold BeginFold() => new Fold();

    /// <inheritdoc/>
    public Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
        => RunAsync([.. events.Select(e => new Fact(e.Sequence, e.Type, Encoding.UTF8.GetString(e.Data.Span)))], connection, t => t, cancel);

    private sealed record Fact(long Sequence, string Type, string Json);

    private static async Task RunAsync(IReadOnlyList<Fact> facts, NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
    {
        if (facts.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var fact in facts)
        {
            foreach (var statement in RegistryStatements.ByType[fact.Type])
            {
                var command = new NpgsqlBatchCommand(RegistryStatements.For(statement, table));
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = fact.Json });
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = fact.Sequence });
                batch.BatchCommands.Add(command);
            }
        }
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private sealed class Fold : IProjectionFold
    {
        private readonly List<Fact> facts = [];

        public void Apply(in RawEvent e) => facts.Add(new(e.Sequence, Encoding.UTF8.GetString(e.Type), Encoding.UTF8.GetString(e.Data)));

        public Task WriteAsync(NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel) => RunAsync(facts, connection, table, cancel);
    }
}
