-- Views for dashboards. They add nothing to the read models but the shape that a chart wants.

create view read.v_ratings_per_day as
select day, ratings, rating_thousandths / nullif(ratings, 0)::double precision / 1000 as mean_rating, minutes, opens, events from read.activity_daily order by day;
comment on view read.v_ratings_per_day is 'Ratings, their mean, watched minutes and opens per day of the stream''s time.';

create view read.v_top_movies as
select p.movie_id, m.title, m.year, m.genres, p.events, p.ratings, p.mean_rating, p.minutes, p.opens
from read.popular_all p left join read.movies m using (movie_id) order by p.events desc, p.movie_id collate "C";
comment on view read.v_top_movies is 'Movies by events of all time, with their titles.';

create view read.v_trending_movies as
select p.movie_id, m.title, m.year, m.genres, p.score
from read.popular_decayed p left join read.movies m using (movie_id) order by p.score desc, p.movie_id collate "C";
comment on view read.v_trending_movies is 'Movies by decayed events, with their titles.';

create view read.v_model_registry as
select m.version, m.model, m.n, m.trained_at, m.seconds, m.bytes, m.snapshot_id, s.count as snapshot_count, m.metrics, c.version is not null as in_production, m.code_revision, m.dirty
from read.models m left join read.snapshots s using (snapshot_id) left join read.champion c on c.version = m.version order by m.sequence desc;
comment on view read.v_model_registry is 'Model versions, newest first, with the size of their snapshot and which one is in production.';

create view read.v_ingestion as
select source, sum(events)::bigint as events, min(first_at) as first_at, max(last_at) as last_at, min(first_sequence) as first_sequence, max(last_sequence) as last_sequence
from read.ingestion group by source order by min(first_sequence);
comment on view read.v_ingestion is 'What each source brought, over all types.';

create view read.v_served_per_day as
select day, channel, model_version, slates, personalized / slates::double precision as personalized_share, items / slates::double precision as items_per_slate,
       latency_microseconds / slates::double precision / 1000 as mean_latency_ms, slowest_microseconds / 1000.0::double precision as slowest_ms
from read.served order by day, channel, model_version;
comment on view read.v_served_per_day is 'Slates per day, channel and model version, the share that a history carried, and latency.';

create view read.v_activity_of_users as
select user_id, entries, erased, gender, age, occupation, last_sequence from read.user_history order by entries desc;
comment on view read.v_activity_of_users is 'People by the length of their history.';
