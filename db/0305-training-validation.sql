-- What a running fit reaches on movies that it does not learn from, beside what it loses on those that it does.

alter table {schema}.recs_training_jobs add column validation double precision null;
