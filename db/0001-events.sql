-- The event log in the table layout of Marten 9: string stream identity, single tenancy, correlation, causation and headers
-- on, unique index on the event id. Nothing else may be added to an mt_ table: Marten drops what it does not know. Whatever
-- more Recs needs is in tables prefixed recs_. docs/adr/0001-event-store.md says which Marten settings this layout assumes.

create schema if not exists {schema};

create table {schema}.mt_streams (
  id varchar not null,
  type varchar null,
  version bigint null,
  timestamp timestamptz not null default now(),
  created timestamptz not null default now(),
  tenant_id varchar null default '*DEFAULT*',
  is_archived boolean null default false,
  constraint pkey_mt_streams_id primary key (id)
);

create table {schema}.mt_events (
  seq_id bigint not null,
  id uuid not null,
  stream_id varchar null,
  version bigint not null,
  data jsonb not null,
  bdata bytea null,
  type varchar(500) not null,
  timestamp timestamptz not null default now(),
  tenant_id varchar null default '*DEFAULT*',
  mt_dotnet_type varchar null,
  correlation_id varchar null,
  causation_id varchar null,
  headers jsonb null,
  is_archived boolean null default false,
  constraint pkey_mt_events_seq_id primary key (seq_id),
  constraint fkey_mt_events_stream_id foreign key (stream_id) references {schema}.mt_streams (id) on delete cascade
);
create unique index pk_mt_events_stream_and_version on {schema}.mt_events using btree (stream_id, version);
create unique index idx_mt_events_event_id on {schema}.mt_events using btree (id);

-- seq_id has no default: writers call nextval. The cache must stay 1: order and gap detection rest on it.
create sequence {schema}.mt_events_sequence as bigint start 1 increment 1 cache 1 owned by {schema}.mt_events.seq_id;

create table {schema}.mt_event_progression (
  name varchar not null,
  last_seq_id bigint null,
  last_updated timestamptz null default transaction_timestamp(),
  constraint pk_mt_event_progression primary key (name)
);

create table {schema}.mt_high_water_skips (
  ending_sequence bigint not null,
  starting_sequence bigint not null,
  timestamp timestamptz null default transaction_timestamp(),
  constraint pkey_mt_high_water_skips_ending_sequence primary key (ending_sequence)
);

-- The four functions that a Marten application calls by name when it does not create its own.

create function {schema}.mt_archive_stream(streamid varchar) returns void language plpgsql as $$
begin
  update {schema}.mt_streams set is_archived = true where id = streamid;
  update {schema}.mt_events set is_archived = true where stream_id = streamid;
end
$$;

create function {schema}.mt_quick_append_events(
  stream varchar, stream_type varchar, tenantid varchar, event_ids uuid[], event_types varchar[], dotnet_types varchar[],
  bodies jsonb[], bdatas bytea[], causation_ids varchar[], correlation_ids varchar[], headers jsonb[],
  timestamps timestamptz[], expected_version bigint default null)
returns bigint[] language plpgsql as $$
declare
  current_version bigint;
  stream_archived boolean;
  stream_tenant varchar;
  sequence_number bigint;
  outcome bigint[];
begin
  select s.version, coalesce(s.is_archived, false), s.tenant_id into current_version, stream_archived, stream_tenant
  from {schema}.mt_streams s where s.id = stream;
  -- Decided before any number is drawn, so that a refusal burns none.
  if expected_version is not null and coalesce(current_version, 0) <> expected_version then
    raise exception 'Stream % is at version %, not at the expected version %', stream, coalesce(current_version, 0), expected_version
      using errcode = 'MT003';
  end if;
  if current_version is null then
    current_version := 0;
    insert into {schema}.mt_streams (id, type, version, timestamp, tenant_id) values (stream, stream_type, 0, now(), tenantid);
  elsif stream_archived then
    raise exception 'Stream % is archived', stream using errcode = 'MT001';
  elsif stream_tenant <> tenantid then
    raise exception 'Stream % belongs to tenant %, not to %', stream, stream_tenant, tenantid;
  end if;
  outcome := array[current_version];
  for position in 1 .. coalesce(array_length(event_ids, 1), 0) loop
    sequence_number := nextval('{schema}.mt_events_sequence');
    current_version := current_version + 1;
    insert into {schema}.mt_events
      (seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers,
       is_archived)
    values
      (sequence_number, event_ids[position], stream, current_version, bodies[position], bdatas[position], event_types[position],
       coalesce(timestamps[position], now()), tenantid, dotnet_types[position], correlation_ids[position], causation_ids[position],
       headers[position], false);
    outcome := outcome || sequence_number;
  end loop;
  outcome[1] := current_version;
  update {schema}.mt_streams set version = current_version, timestamp = now() where id = stream;
  return outcome;
end
$$;

create function {schema}.mt_mark_event_progression(name varchar, last_encountered bigint) returns void language plpgsql as $$
begin
  insert into {schema}.mt_event_progression (name, last_seq_id, last_updated) values (name, last_encountered, transaction_timestamp())
  on conflict on constraint pk_mt_event_progression
    do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated;
end
$$;

create function {schema}.mt_mark_progression_with_skip(shard_name varchar, ending_sequence bigint, starting_sequence bigint)
returns bigint language plpgsql as $$
declare
  reached bigint;
begin
  select p.last_seq_id into reached from {schema}.mt_event_progression p where p.name = shard_name for update;
  if found and reached is distinct from starting_sequence then
    return reached;
  end if;
  insert into {schema}.mt_event_progression (name, last_seq_id, last_updated)
  values (shard_name, ending_sequence, transaction_timestamp())
  on conflict on constraint pk_mt_event_progression
    do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated;
  if ending_sequence > starting_sequence then
    insert into {schema}.mt_high_water_skips (ending_sequence, starting_sequence)
    values (mt_mark_progression_with_skip.ending_sequence, mt_mark_progression_with_skip.starting_sequence)
    on conflict on constraint pkey_mt_high_water_skips_ending_sequence do nothing;
  end if;
  return ending_sequence;
end
$$;
