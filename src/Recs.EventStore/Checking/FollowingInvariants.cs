using Npgsql;
using Recs.EventStore.Following;
using Recs.EventStore.Reading;

namespace Recs.EventStore.Checking;

/// <summary>What must hold of the log's bookkeeping: gaps, times, imports, progress.</summary>
internal static class FollowingInvariants
{
    public static IReadOnlyList<IInvariant> Of(NpgsqlDataSource source, EventStoreOptions options) =>
    [
        new SqlInvariant(source, "passed-gaps-empty", "no event stands at a number that was passed as gone, and none ever came too late for a projection",
            $"""
             select text from (
               (select e.seq_id, format('event %s of stream ''%s'', type ''%s'', stands at a number that was passed as gone. Rebuild every projection', e.seq_id, e.stream_id, e.type) as text
                from {options.Schema}.recs_gaps g join {options.Schema}.mt_events e on e.seq_id between g.first_seq and g.last_seq and e.type <> '{EventReader.Tombstone}'
                order by e.seq_id limit 1)
               union all
               (select seq_id, format('event %s came too late for shard ''%s''. Rebuild it', seq_id, shard) from {options.Schema}.recs_late_events order by seq_id, shard limit 1)) v
             order by seq_id limit 1
             """),
        new SqlInvariant(source, "log-time-monotonic", "the marks of recorded time rise with the position in the log",
            $"""
             select format('position %s was recorded at %s, after the later position %s at %s', former_seq, former, seq_id, timestamp)
             from (select seq_id, timestamp, lag(seq_id) over w as former_seq, lag(timestamp) over w as former
                   from {options.Schema}.recs_log_time window w as (order by seq_id)) t
             where timestamp < former - interval '1 second' -- as far as the clocks of two nodes may differ
               -- Two writers that see no mark of each other's may step back, if one of them waited for a lock: then both marks say what their events say.
               and exists (
                 select from (values (former_seq, former), (t.seq_id, t.timestamp)) as mark (seq_id, timestamp)
                 where not exists (select from {options.Schema}.mt_events e where e.seq_id = mark.seq_id and e.timestamp = mark.timestamp))
             order by seq_id limit 1
             """),
        new SqlInvariant(source, "import-checkpoints-consistent", "every import stands where what it stored and what it knew already add up to",
            $"""
             select format('import ''%s'' is at %s of %s, with %s stored and %s known already', key, position, total, stored, duplicates)
             from {options.Schema}.recs_import_checkpoints
             where position < 0 or position > total or stored < 0 or duplicates < 0 or (counts_events and stored + duplicates <> position)
             order by key limit 1
             """),
        new ProgressInvariant(source, options),
    ];

    /// <summary>No projection can have folded what may still change below it.</summary>
    private sealed class ProgressInvariant(NpgsqlDataSource source, EventStoreOptions options) : IInvariant
    {
        public string Name => "progress-not-past-mark";

        public async Task<Invariant> CheckAsync(CancellationToken cancel = default)
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            // The rows are read before the mark is proved, so a projection that moves meanwhile is judged by a later mark.
            var rows = await ReadAsync(connection, cancel);
            var end = new LogEnd(options.Schema, options.Clock);
            var (mark, lastDrawn) = await end.ReadAsync(connection, cancel);
            mark = mark > lastDrawn ? lastDrawn : (await end.AdvanceAsync(connection, mark, cancel)).Mark;
            return rows.FirstOrDefault(r => r.Position > mark) is { Name: not null } ahead
                ? new(Name, false, $"'{ahead.Name}' is at {ahead.Position}, past the high-water mark {mark}. Rebuild it.")
                : new(Name, true, $"{rows.Count} progress rows, none past the high-water mark {mark}");
        }

        private async Task<IReadOnlyList<(string Name, long Position)>> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
        {
            await using var command = new NpgsqlCommand(
                $"select name, coalesce(last_seq_id, 0) from {options.Schema}.mt_event_progression where position(':' in name) > 0 order by name", connection);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var rows = new List<(string, long)>();
            while (await reader.ReadAsync(cancel)) rows.Add((reader.GetString(0), reader.GetInt64(1)));
            return rows;
        }
    }
}
