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
        using var command = source.CreateCommand(
            $"""
             insert into {options.Schema}.recs_rejects (import_key, file, line, reason, detail, raw, at)
             select $1, r.file, r.line, r.reason, r.detail, r.raw, $2 from unnest($3, $4, $5, $6, $7) as r (file, line, reason, detail, raw)
             on conflict do nothing
             """);
        command.Parameters.Add(new() { Value = importKey });
        command.Parameters.Add(new() { Value = options.Clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = batch.ConvertAll(r => r.File) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(r => r.Line) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(r => r.Reason) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(r => r.Detail) });
        command.Parameters.Add(new() { Value = batch.ConvertAll(r => r.Raw) });
        command.ExecuteNonQuery();
        batch.Clear();
    }
}
