using Recs.EventStore.Checking;
using Recs.Host.Composition;

namespace Recs.Host.Checking;

/// <summary>
/// Ratings, watches and opens are what their contracts say, whoever wrote them: the right properties of the right types, a rating in half stars from 0.5 to 5, the
/// user of the stream. One pass inside the database.
/// </summary>
internal static class FactsInvariant
{
    public static IInvariant Of(RecsStore store) => new SqlInvariant(
        store.Source, "facts-well-formed", "every rating, watch and open has the properties, types and ranges of its contract",
        $"""
        select format('event %s (%s, version %s of ''%s'') is not what its contract says: %s', seq_id, type, version, stream_id, left(data::text, 200))
        from {store.Options.Schema}.mt_events
        where type in ('movie_rated', 'movie_watched', 'movie_opened') and not is_archived and not (case
          when jsonb_typeof(data->'UserId') is distinct from 'string' or jsonb_typeof(data->'MovieId') is distinct from 'string'
            or jsonb_typeof(data->'At') is distinct from 'string' then false
          when stream_id <> 'user-' || (data->>'UserId') then false
          when data->>'MovieId' = '' or data->>'MovieId' ~ '[[:space:]]' then false
          when type = 'movie_rated' and jsonb_typeof(data->'Rating') is distinct from 'number' then false
          when type = 'movie_rated' then (data->>'Rating')::numeric between 0.5 and 5 and (data->>'Rating')::numeric * 2 % 1 = 0
          when type = 'movie_opened' then data->'RequestId' is null or (length(data->>'RequestId') = 32 and data->>'RequestId' !~ '[^0-9a-f]')
          else jsonb_typeof(data->'Minute') is not distinct from 'number' and (data->>'Minute')::numeric >= 0
        end)
        order by seq_id limit 1
        """);
}
