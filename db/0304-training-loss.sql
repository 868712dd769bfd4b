-- What the last iteration of a running fit lost on its training data, beside how far it is.

alter table {schema}.recs_training_jobs add column loss double precision null;
