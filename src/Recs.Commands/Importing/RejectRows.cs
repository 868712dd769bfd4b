using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Importing;

/// <summary>Rejects as rows of <c>recs_rejects</c>.</summary>
internal static class RejectRows
{
    /// <summary>The statement that keeps rejects; those of an earlier run of the same input stay as they are.</summary>
    /// <param name="options">Schema and clock.</param>
    /// <param name="importKey">Key of the input.</param>
    /// <param name="rejects">Rejects.</param>
    public static SideRow Keep(EventStoreOptions options, string importKey, IReadOnlyList<Reject> rejects) => new(
        $"""
         insert into {options.Schema}.recs_rejects (import_key, file, line, reason, detail, raw, raw_bytes, at)
         select $1, r.file, r.line, r.reason, r.detail, r.raw, decode(r.bytes, 'base64'), $2
         from unnest($3, $4, $5, $6, $7, $8) as r (file, line, reason, detail, raw, bytes)
         on conflict do nothing
         """,
        [
            new NpgsqlParameter<string> { TypedValue = importKey }, new NpgsqlParameter<DateTimeOffset> { TypedValue = options.Clock.GetUtcNow() },
            new NpgsqlParameter<string[]> { TypedValue = [.. rejects.Select(r => r.File)] }, new NpgsqlParameter<long[]> { TypedValue = [.. rejects.Select(r => r.Line)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. rejects.Select(r => r.Reason)] }, new NpgsqlParameter<string[]> { TypedValue = [.. rejects.Select(r => r.Detail)] },
            new NpgsqlParameter<string[]> { TypedValue = [.. rejects.Select(r => r.Raw)] }, new NpgsqlParameter<string?[]> { TypedValue = [.. rejects.Select(r => r.RawBase64)] },
        ]);
}
