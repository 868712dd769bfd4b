using Shouldly;

namespace Recs.EventStore.Tests.Importing;

/// <summary>What a log must look like, whoever wrote it.</summary>
internal static class ImportedLog
{
    private const string Row =
        "concat_ws('|', id, stream_id, version, type, data, coalesce(mt_dotnet_type, '-'), coalesce(correlation_id, '-'), coalesce(causation_id, '-'), coalesce(headers::text, '-'), tenant_id, is_archived)";

    /// <summary>All events in log order, everything but position and recorded time.</summary>
    public static Task<IReadOnlyList<string>> EventsInOrderAsync(this StoreDatabase store) => store.LinesAsync($"select {Row} from recs.mt_events order by seq_id");

    public static Task<IReadOnlyList<string>> StreamsAsync(this StoreDatabase store) =>
        store.LinesAsync("select concat_ws('|', id, version, coalesce(type, '-'), tenant_id, is_archived) from recs.mt_streams order by id");

    /// <summary>
    /// Versions run from 1 without gaps in the order of the log; stream rows agree; nothing is orphaned; no number lies above the sequence.
    /// </summary>
    public static async Task ShouldBeSoundAsync(this StoreDatabase store)
    {
        (await store.LinesAsync(
            """
            select 'version ' || version || ' of ' || stream_id || ' stands where ' || place || ' should' from
              (select stream_id, version, row_number() over (partition by stream_id order by seq_id) as place from recs.mt_events) e where version <> place
            union all
            select 'stream row of ' || coalesce(s.id, e.stream_id) from recs.mt_streams s
              full join (select stream_id, max(version) as version from recs.mt_events group by 1) e on e.stream_id = s.id where s.version is distinct from e.version
            union all
            select 'number ' || max(seq_id) from recs.mt_events having max(seq_id) > (select last_value from recs.mt_events_sequence)
            """)).ShouldBeEmpty();
    }

    /// <summary>Waits until a statement gives true.</summary>
    public static async Task UntilAsync(this StoreDatabase store, string condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!await store.ScalarAsync<bool>(condition)) DateTime.UtcNow.ShouldBeLessThan(deadline, condition);
    }

    public static Task<long> CountAsync(this StoreDatabase store) => store.ScalarAsync<long>("select count(*) from recs.mt_events");
}
