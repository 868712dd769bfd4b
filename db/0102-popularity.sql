-- How much each movie is rated, watched and opened (projection Popularity). Time is the stream's own (the events' At), never the clock's:
-- windows end at the greatest At seen. An event dated in the future would move them, which is the ingestion gate's affair.

create table read.movie_popularity (
  movie_id           text primary key,
  events             bigint not null,
  ratings            bigint not null,
  rating_thousandths bigint not null,
  minutes            bigint not null,
  opens              bigint not null
);
comment on table read.movie_popularity is 'All time, per movie. events = ratings + watched minutes + opens; rating_thousandths = 1000 times the sum of the stars, exact in any order.';

create table read.popularity_clock (
  only_row boolean primary key default true check (only_row),
  at       timestamptz not null
);
comment on table read.popularity_clock is 'The greatest At of any counted event: the end of every window.';

create table read.movie_popularity_hourly (
  hour               timestamptz not null,
  movie_id           text not null,
  events             bigint not null,
  ratings            bigint not null,
  rating_thousandths bigint not null,
  minutes            bigint not null,
  opens              bigint not null,
  primary key (hour, movie_id)
);
comment on table read.movie_popularity_hourly is 'The newest 720 hours of the stream''s time, per hour and movie; older hours are dropped as the stream''s time moves on.';

create table read.movie_popularity_daily (
  day      date not null,
  movie_id text not null,
  events   bigint not null,
  primary key (day, movie_id)
);
comment on table read.movie_popularity_daily is 'The newest 720 days of the stream''s time, per day and movie: 24 half-lives of the decayed score, past which an event counts less than 1/16,777,216.';

create table read.activity_daily (
  day                date primary key,
  events             bigint not null,
  ratings            bigint not null,
  rating_thousandths bigint not null,
  minutes            bigint not null,
  opens              bigint not null
);
comment on table read.activity_daily is 'What was rated, watched and opened per day of the stream''s time, over all movies and all time.';

create function read.popular_within(hours integer)
returns table (movie_id text, events bigint, ratings bigint, mean_rating double precision, minutes bigint, opens bigint)
language sql stable as $$
  select h.movie_id, sum(h.events)::bigint, sum(h.ratings)::bigint,
         sum(h.rating_thousandths) / nullif(sum(h.ratings), 0)::double precision / 1000, sum(h.minutes)::bigint, sum(h.opens)::bigint
  from read.popularity_clock c
  join read.movie_popularity_hourly h on h.hour > date_trunc('hour', c.at, 'UTC') - make_interval(hours => hours)
  group by h.movie_id
$$;
comment on function read.popular_within is 'Per movie, the newest hours of the stream''s time (to the hour, 1 to 720).';

create view read.popular_1d as select * from read.popular_within(24);
create view read.popular_7d as select * from read.popular_within(168);
create view read.popular_30d as select * from read.popular_within(720);
create view read.popular_all as
select movie_id, events, ratings, rating_thousandths / nullif(ratings, 0)::double precision / 1000 as mean_rating, minutes, opens from read.movie_popularity;
create view read.popular_decayed as
select d.movie_id, sum(d.events * power(2, ((c.at at time zone 'UTC')::date - d.day) / -30.0::double precision)) as score
from read.popularity_clock c cross join read.movie_popularity_daily d
group by d.movie_id;

comment on view read.popular_1d is 'Movies of the newest 24 hours of the stream''s time.';
comment on view read.popular_7d is 'Movies of the newest 7 days of the stream''s time.';
comment on view read.popular_30d is 'Movies of the newest 30 days of the stream''s time.';
comment on view read.popular_all is 'Movies of all time.';
comment on view read.popular_decayed is 'Movies by events that count half as much every 30 days of the stream''s time.';
