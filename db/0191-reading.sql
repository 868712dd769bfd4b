-- What single pages of the read side look up: one movie's hours, and people by the beginning of their id.
create index movie_popularity_hourly_by_movie on read.movie_popularity_hourly (movie_id, hour);
create index user_history_by_id on read.user_history (user_id collate "C");
