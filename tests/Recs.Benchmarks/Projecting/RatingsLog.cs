using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Schema;
using Recs.Projections;

namespace Recs.Benchmarks.Projecting;

/// <summary>A log of ratings of the size and shape of MovieLens 1M, made by the server itself: popular movies are rated more often.</summary>
internal static class RatingsLog
{
    /// <summary>Creates the tables and fills the log.</summary>
    public static async Task CreateAsync(NpgsqlDataSource source, EventStoreOptions options, int events, CancellationToken cancel)
    {
        await SchemaMigrations.ApplyAsync(source, options, [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly], cancel);
        await using var fill = source.CreateCommand(
            $$"""
              insert into {{options.Schema}}.mt_streams (id, version) select 'user-' || u, 0 from generate_series(0, 6039) u;
              alter table {{options.Schema}}.mt_events drop constraint fkey_mt_events_stream_id;
              insert into {{options.Schema}}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, correlation_id)
              select nextval('{{options.Schema}}.mt_events_sequence'), gen_random_uuid(), 'user-' || u, row_number() over (partition by u order by n),
                     jsonb_build_object('UserId', u::text, 'MovieId', movie::text, 'Rating', 1 + n % 5, 'At', to_char(timestamp '2000-04-25' + n * interval '90 seconds', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')),
                     'movie_rated', now(), 'import:bench:00000000'
              from (select n, (hashint4(n) & 2147483647) % 6040 as u, floor(3706 * power((hashint4(n + 7) & 65535) / 65536.0, 2.5))::integer as movie from generate_series(1, {{events}}) n) r
              order by n;
              update {{options.Schema}}.mt_streams s set version = e.v from (select stream_id, count(*) as v from {{options.Schema}}.mt_events group by 1) e where e.stream_id = s.id;
              alter table {{options.Schema}}.mt_events add constraint fkey_mt_events_stream_id foreign key (stream_id) references {{options.Schema}}.mt_streams (id) on delete cascade;
              """);
        fill.CommandTimeout = 0;
        await fill.ExecuteNonQueryAsync(cancel);
        foreach (var statement in new[] { $"vacuum analyze {options.Schema}.mt_events", "checkpoint" })
        {
            await using var settle = source.CreateCommand(statement);
            settle.CommandTimeout = 0;
            await settle.ExecuteNonQueryAsync(cancel);
        }
    }
}
