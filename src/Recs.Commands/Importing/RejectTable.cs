using Npgsql;
using Recs.EventStore;

namespace Recs.Commands.Importing;

/// <summary>Keeps rejects in <c>recs_rejects</c>, in batches, so that a file full of them needs no more memory than a clean one.</summary>
internal sealed class RejectTable(NpgsqlDataSource source, EventStoreOptions options, string importKey) : IRejectSink
{
    private const int BatchSize = 1000;
    private readonly List<Reject> batch = new(BatchSize);

    /// <inheritdoc/>
    public void Add(in Reject reject)
    {
        batch.Add(reject);
        if (batch.Count == BatchSize) Flush();
    }

    /// <summary>Stores what is not stored yet; rejects of an earlier run of the same input stay as they are.</summary>
    public void Flush()
    {
        if (batch.Count == 0) return;
        var rows = RejectRows.Keep(options, importKey, batch);
        using var command = source.CreateCommand(rows.Sql);
        foreach (var parameter in rows.Parameters) command.Parameters.Add(parameter);
        command.ExecuteNonQuery();
        batch.Clear();
    }
}
