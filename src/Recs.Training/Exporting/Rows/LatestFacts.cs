using System.Runtime.CompilerServices;
using Npgsql;
using Recs.EventStore.Evolving;
using Recs.Training.Snapshots;

namespace Recs.Training.Exporting.Rows;

/// <summary>
/// What was last said about movies or people at a snapshot's position. A snapshot's filters do not apply: what is known about a movie is a fact about the movie, whoever
/// rated it.
/// </summary>
internal sealed class LatestFacts(NpgsqlConnection connection, string schema, EventTypes types, SnapshotScope scope)
{
    /// <summary>The ids in ordinal order, each with the body of the newest of some facts, in its newest shape; null if there is none.</summary>
    /// <param name="ids">Query of the ids, and its parameter if it has one.</param>
    /// <param name="streamPrefix">What stands before an id in its stream's name.</param>
    /// <param name="aliases">Types of the facts.</param>
    /// <param name="cancel">Stops reading.</param>
    public async IAsyncEnumerable<(string Id, ReadOnlyMemory<byte>? Body)> ReadAsync(
        (string Sql, string[]? Parameter) ids, string streamPrefix, IEnumerable<string> aliases, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"""
            with seen as ({ids.Sql}),
            fact as (
              select distinct on (stream_id) stream_id, type, data from {schema}.mt_events
              where seq_id <= $2 and type = any($3) and is_archived = false order by stream_id, version desc)
            select seen.id, fact.type, fact.data from seen left join fact on fact.stream_id = $4 || seen.id order by seen.id collate "C"
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids.Parameter ?? [] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = scope.ThroughSequence });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. types.WithOlder(aliases)] });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = streamPrefix });
        command.CommandTimeout = 0; // it reads as much as the snapshot is large
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            yield return (row.GetString(0), await row.IsDBNullAsync(1, cancel) ? (ReadOnlyMemory<byte>?)null : types.Upcast(row.GetString(1), row.GetFieldValue<byte[]>(2)).Data);
    }
}
