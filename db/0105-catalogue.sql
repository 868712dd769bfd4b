-- The movies (projection Catalogue).

create table read.movies (
  movie_id        text primary key,
  title           text not null,
  year            integer,
  genres          text[] not null,
  adult           boolean not null,
  runtime_minutes integer,
  languages       text[],
  inferred        boolean not null,
  version         bigint not null,
  sequence        bigint not null
);
create index movies_by_genre on read.movies using gin (genres);
comment on table read.movies is 'What is known about each movie: the last fact of the stream movie-{movie_id}.';
comment on column read.movies.inferred is 'Made from the id alone, because an event named a movie that nobody had added.';
