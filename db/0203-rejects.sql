-- Rejected rows can be named, tried again and marked: nothing that was rejected is ever deleted because it was stored later.

alter table {schema}.recs_rejects
  add column id bigint generated always as identity,
  add column tries integer not null default 0,
  add column tried_at timestamptz null,
  add column newest_reason varchar null,
  add column newest_detail varchar null,
  add column corrected varchar null,
  add column stored_at timestamptz null,
  add column stored_sequence bigint null;
create unique index recs_rejects_by_id on {schema}.recs_rejects (id);
create index recs_rejects_open on {schema}.recs_rejects (id) where stored_at is null;
comment on column {schema}.recs_rejects.newest_reason is 'Why the last try failed, if there was one; reason stays what it was at first.';
comment on column {schema}.recs_rejects.corrected is 'The line as it was corrected by hand before the last try.';
comment on column {schema}.recs_rejects.stored_sequence is 'Log position of the event that a try stored, or found there.';

-- What trying a line again must know of its file, and where the verdict on the batch stands in the log.
alter table {schema}.recs_imports
  add column header varchar null,
  add column verdict_sequence bigint null;
create index recs_imports_by_verdict on {schema}.recs_imports (verdict_sequence) where verdict_sequence is not null;
