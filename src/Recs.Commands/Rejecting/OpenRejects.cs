using Npgsql;
using NpgsqlTypes;
using Recs.Commands.Importing;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Rejecting;

/// <summary>Which open rejects are tried again.</summary>
/// <param name="Source">Of this source; null for any.</param>
/// <param name="Reason">With this reason; null for any but <see cref="RejectReasons.RepeatedId"/>, of which the input itself says otherwise.</param>
/// <param name="Corrections">By short id the corrected line; one that says what is kept stands for the line as it came. Null to try lines as they came.</param>
public sealed record RetryFilter(string? Source = null, string? Reason = null, IReadOnlyDictionary<long, string>? Corrections = null);

/// <summary>The rows of <c>recs_rejects</c> that no try has stored yet.</summary>
internal sealed class OpenRejects(NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>A line that came longer than what is kept of it.</summary>
    private const int CutLength = Reject.MaxRawLength;

    /// <summary>The next open rejects, in the order of their ids.</summary>
    public async Task<IReadOnlyList<RejectedLine>> NextAsync(RetryFilter filter, long after, int most, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             select r.id, r.import_key, r.file, r.line, coalesce(i.source, r.import_key), coalesce(i.format, case when starts_with(r.import_key, 'kafka:') then '{MessageLines.Format}' else '' end), coalesce(i.user_prefix, ''), i.header, coalesce(r.corrected, r.raw),
               coalesce(r.newest_reason, r.reason), case when r.corrected is null then r.raw_bytes end
             from {options.Schema}.recs_rejects r
             left join lateral (select * from {options.Schema}.recs_imports i where i.key = r.import_key order by i.id desc limit 1) i on true
             where r.stored_at is null and r.id > $1
               and ($2::text is null or coalesce(i.source, r.import_key) = $2)
               and ($3::text is null and ($4::bigint[] is not null or coalesce(r.newest_reason, r.reason) <> '{RejectReasons.RepeatedId}') or coalesce(r.newest_reason, r.reason) = $3)
               and ($4::bigint[] is null or r.id = any($4))
             order by r.id limit $5
             """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new() { Value = (object?)filter.Source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)filter.Reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)filter.Corrections?.Keys.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var lines = new List<RejectedLine>();
        while (await row.ReadAsync(cancel))
        {
            var kept = row.GetString(8);
            var corrected = filter.Corrections?.GetValueOrDefault(row.GetInt64(0)) is { } text && text != kept ? text : null;
            lines.Add(new(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetString(5), row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7),
                corrected ?? kept, row.GetString(9), corrected is not null, corrected is not null || row.IsDBNull(10) ? null : row.GetFieldValue<byte[]>(10)));
        }
        return lines;
    }

    /// <summary>Whether only the beginning of the line was kept, so that it cannot be tried again as it is.</summary>
    public static bool WasCut(RejectedLine line) => !line.IsCorrected && line.Text.Length >= CutLength;

    /// <summary>Notes why lines are still rejected.</summary>
    public async Task KeepAsync(IReadOnlyList<ReadAgain> rejected, CancellationToken cancel)
    {
        if (rejected.Count == 0) return;
        await using var command = source.CreateCommand(
            $"""
             update {options.Schema}.recs_rejects r
             set tries = r.tries + 1, tried_at = $1, newest_reason = t.reason, newest_detail = t.detail, corrected = coalesce(t.corrected, r.corrected)
             from unnest($2, $3, $4, $5) as t (id, reason, detail, corrected) where r.id = t.id and r.stored_at is null
             """);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = options.Clock.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. rejected.Select(r => r.Line.Id)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. rejected.Select(r => r.Reason!)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. rejected.Select(r => r.Detail ?? "")] });
        command.Parameters.Add(new NpgsqlParameter<string?[]> { TypedValue = [.. rejected.Select(r => Correction(r.Line))] });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Notes that the log holds what lines say.</summary>
    public async Task MarkAsync(IReadOnlyList<RejectedLine> lines, long[] sequences, CancellationToken cancel)
    {
        if (lines.Count == 0) return;
        await using var command = source.CreateCommand(MarkSql);
        foreach (var parameter in MarkParameters(lines)) command.Parameters.Add(parameter);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = sequences });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The same in the commit of their events.</summary>
    /// <param name="lines">Lines.</param>
    /// <param name="first">Place of the first line's event among the append's; those before it are movies that the lines name.</param>
    public SideRow MarkWhenStored(IReadOnlyList<RejectedLine> lines, int first) => new(
        MarkSql, MarkParameters(lines), landed => [new NpgsqlParameter<long[]> { TypedValue = [.. landed.Streams.Skip(first).Select(s => s.Sequences[0])] }]);

    private string MarkSql =>
        $"""
         update {options.Schema}.recs_rejects r
         set tries = r.tries + 1, tried_at = $1, stored_at = $1, stored_sequence = t.sequence, corrected = coalesce(t.corrected, r.corrected)
         from unnest($2, $3, $4) as t (id, corrected, sequence) where r.id = t.id and r.stored_at is null
         """;

    private NpgsqlParameter[] MarkParameters(IReadOnlyList<RejectedLine> lines) =>
    [
        new NpgsqlParameter<DateTimeOffset> { TypedValue = options.Clock.GetUtcNow() },
        new NpgsqlParameter<long[]> { TypedValue = [.. lines.Select(l => l.Id)] },
        new NpgsqlParameter<string?[]> { TypedValue = [.. lines.Select(Correction)] },
    ];

    private static string? Correction(RejectedLine line) => line.IsCorrected ? line.Text : null;
}
