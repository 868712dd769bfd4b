using Npgsql;

namespace Recs.EventStore.Checking;

/// <summary>What must hold of streams and events, whoever wrote them.</summary>
internal static class StreamInvariants
{
    /// <summary>Marten's Rich mode fills lost numbers in this stream, whose versions mean nothing.</summary>
    private const string Fillers = "mt_tombstone";

    public static IReadOnlyList<IInvariant> Of(NpgsqlDataSource source, string schema) =>
    [
        new SqlInvariant(source, "versions-contiguous", "the versions of every stream count 1, 2, 3, ... without a gap",
            $"""
             select format('stream ''%s'' holds %s events with versions %s to %s, expected 1 to %s', stream_id, count(*), min(version), max(version), count(*))
             from {schema}.mt_events where stream_id <> '{Fillers}' group by stream_id
             having min(version) <> 1 or max(version) <> count(*) or count(distinct version) <> count(*)
             order by stream_id limit 1
             """),
        new SqlInvariant(source, "stream-version-is-last", "every stream's version is that of its last event",
            $"""
             select format('stream ''%s'' says version %s, its last event has version %s', s.id, coalesce(s.version, 0), coalesce(e.last, 0))
             from {schema}.mt_streams s left join (select stream_id, max(version) as last from {schema}.mt_events group by stream_id) e on e.stream_id = s.id
             where s.id <> '{Fillers}' and coalesce(s.version, 0) <> coalesce(e.last, 0)
             order by s.id limit 1
             """),
        new SqlInvariant(source, "event-ids-unique", "no event id occurs twice",
            $"""
             select format('event id %s occurs %s times, at positions %s', id, count(*), array_agg(seq_id order by seq_id))
             from {schema}.mt_events group by id having count(*) > 1 order by id limit 1
             """),
        new SqlInvariant(source, "events-have-streams", "every event's stream has its row",
            $"""
             select format('event %s belongs to stream ''%s'', which has no row', e.seq_id, e.stream_id)
             from {schema}.mt_events e left join {schema}.mt_streams s on s.id = e.stream_id where s.id is null order by e.seq_id limit 1
             """),
    ];
}
