-- How far the log was told to Kafka; one row per prefix of topics, moved by compare-and-set by the one node that leads.
create table {schema}.recs_relay (
  name varchar primary key,
  position bigint not null,
  started_after bigint not null,
  started_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table {schema}.recs_relay is 'The relay to Kafka: everything at or below position was acknowledged by the broker.';
comment on column {schema}.recs_relay.name is 'Prefix of the topics.';
comment on column {schema}.recs_relay.started_after is 'What lies at or below was never told: 0 where the whole log was. Decided once, at the first start.';
