-- What imports did, and the rows that they did not take.

create table {schema}.recs_imports (
  id bigint generated always as identity primary key,
  key varchar not null,
  source varchar not null,
  path varchar not null,
  format varchar not null,
  user_prefix varchar not null,
  started_at timestamptz not null,
  finished_at timestamptz null,
  input_rows bigint null,
  clean_rows bigint null,
  duplicate_rows bigint null,
  reject_rows bigint null
);
create index recs_imports_by_key on {schema}.recs_imports (key, id);

-- The key stands for content, source and prefix of the input, so that a second run finds its own rejects here and does not double them.
create table {schema}.recs_rejects (
  import_key varchar not null,
  file varchar not null,
  line bigint not null,
  reason varchar not null,
  detail varchar not null,
  raw varchar not null,
  at timestamptz not null,
  primary key (import_key, file, line)
);
