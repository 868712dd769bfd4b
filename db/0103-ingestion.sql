-- What came in, by source and type of event (projection IngestionSummary).

create table read.ingestion (
  source         text not null,
  type           text not null,
  events         bigint not null,
  first_at       timestamptz,
  last_at        timestamptz,
  first_sequence bigint not null,
  last_sequence  bigint not null,
  primary key (source, type)
);
comment on table read.ingestion is 'Per source (an import''s name, or live) and type: how many events, over which stretch of their own time and of the log.';
comment on column read.ingestion.first_at is 'Least At; null for types that have none.';
