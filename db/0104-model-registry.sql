-- Snapshots, trainings, model versions and what is in production (projection ModelRegistry).

create table read.snapshots (
  snapshot_id      text primary key,
  through_sequence bigint not null,
  filters          jsonb not null,
  count            bigint not null,
  users            integer not null,
  movies           integer not null,
  sha256           text not null,
  taken_at         timestamptz not null,
  sequence         bigint not null
);
comment on table read.snapshots is 'Data sets pinned as positions in the log.';

create table read.trainings (
  training_id  text primary key,
  model        text not null,
  snapshot_id  text,
  options      jsonb,
  seed         numeric(20),
  requested_by text,
  reason       text,
  requested_at timestamptz,
  state        text not null,
  version      text,
  failure      text,
  ended_at     timestamptz,
  sequence     bigint not null
);
comment on table read.trainings is 'Fits asked for; state is requested, trained or failed.';

create table read.models (
  version          text primary key,
  model            text not null,
  n                integer,
  training_id      text not null,
  content_hash     text not null,
  snapshot_id      text not null,
  snapshot_sha256  text not null,
  through_sequence bigint not null,
  options          jsonb not null,
  seed             numeric(20) not null,
  format_version   integer not null,
  code_revision    text not null,
  dirty            boolean not null,
  files            jsonb not null,
  seconds          double precision not null,
  bytes            bigint not null,
  trained_at       timestamptz not null,
  metrics          jsonb not null,
  sequence         bigint not null
);
comment on table read.models is 'Every version ever trained, with all that makes the same bytes again.';
comment on column read.models.metrics is 'Figures by protocol and name; those of different protocols are never compared.';

create table read.promotions (
  sequence bigint primary key,
  kind     text not null,
  model    text not null,
  version  text not null,
  previous text,
  by       text not null,
  reason   text not null,
  at       timestamptz not null
);
comment on table read.promotions is 'What went into production when, and why; kind is promoted or rolled_back.';

create view read.champion as
select version, model, sequence, kind, previous, by, reason, at from read.promotions order by sequence desc limit 1;
comment on view read.champion is 'What is in production: the last promotion or rollback over all models.';
