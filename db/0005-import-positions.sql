-- Some inputs are walked by other positions than numbers of events, such as the bytes of a log: what was stored of them does not add up to where they stand.
alter table {schema}.recs_import_checkpoints add column counts_events boolean not null default true;
comment on column {schema}.recs_import_checkpoints.counts_events is 'Whether position and total are numbers of events.';
