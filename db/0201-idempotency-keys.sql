-- Answers to commands that came with an Idempotency-Key: a row is written in the commit of the command's events, so a repeated
-- request finds either both or neither.

create table {schema}.recs_idempotency_keys (
  id bytea not null,
  body_sha256 bytea not null,
  status smallint not null,
  content_type varchar not null,
  sequence bigint null,
  version bigint null,
  answer bytea not null,
  expires_at timestamptz not null,
  constraint recs_idempotency_keys_pkey primary key (id)
);
create index recs_idempotency_keys_by_expiry on {schema}.recs_idempotency_keys (expires_at);
comment on column {schema}.recs_idempotency_keys.id is 'sha256 over the caller''s subject, the route and the key.';
comment on column {schema}.recs_idempotency_keys.sequence is 'Header X-Recs-Sequence of the answer.';
comment on column {schema}.recs_idempotency_keys.version is 'Header X-Recs-Stream-Version of the answer.';
