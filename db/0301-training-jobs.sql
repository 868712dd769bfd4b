-- Work for the training role: who holds which job, how far it is, how it ended. A row is written with the event that asks for the training and closed with
-- the event that answers it; in between it is a lease, by this database's clock.

create table {schema}.recs_training_jobs (
  training_id varchar primary key,
  kind varchar not null check (kind in ('training', 'reproduction')),
  model varchar not null,
  version varchar null,
  requested_by varchar not null,
  reason varchar not null,
  requested_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  fence bigint not null default 0,
  holder varchar null,
  expires_at timestamptz null,
  phase varchar null,
  fraction double precision not null default 0,
  outcome varchar null,
  detail varchar null,
  ended_at timestamptz null
);
comment on table {schema}.recs_training_jobs is 'Jobs of the training role. fence rises with every change of holder: signs of life, releases and results of reproductions from a former holder do not count. A training ends with the first outcome in the log.';
comment on column {schema}.recs_training_jobs.version is 'Version to reproduce, or the version that the training gave.';
create index recs_training_jobs_open on {schema}.recs_training_jobs (requested_at) where ended_at is null;
