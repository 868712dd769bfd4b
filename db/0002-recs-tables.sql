-- What the store keeps beside the log. Prefixed recs_, so that Marten leaves it alone.

-- Sparse: finds the position of a moment without an index on the events' timestamps.
create table {schema}.recs_log_time (
  seq_id bigint primary key,
  timestamp timestamptz not null
);
create index recs_log_time_by_time on {schema}.recs_log_time (timestamp, seq_id);

-- Ranges of numbers that the high-water mark passed as gone; probed at each wake-up.
create table {schema}.recs_gaps (
  first_seq bigint primary key,
  last_seq bigint not null,
  passed_at timestamptz not null
);

-- Events that turned up at a number which a shard had passed; the shard stays stopped until it is rebuilt.
create table {schema}.recs_late_events (
  seq_id bigint not null,
  shard varchar not null,
  found_at timestamptz not null,
  primary key (seq_id, shard)
);

create table {schema}.recs_import_checkpoints (
  key varchar primary key,
  position bigint not null,
  total bigint not null,
  stored bigint not null,
  duplicates bigint not null,
  updated_at timestamptz not null
);
