-- How far the topics that come in were read: a row moves in the commit that stores what the messages said, so the log and the position in the topic never disagree,
-- and the offsets that Kafka keeps are only told for its own tools.

create table {schema}.recs_kafka_offsets (
  consumer_group varchar not null,
  topic varchar not null,
  partition integer not null,
  next_offset bigint not null,
  updated_at timestamptz not null,
  primary key (consumer_group, topic, partition)
);
comment on column {schema}.recs_kafka_offsets.next_offset is 'First offset that is not in the log yet.';

-- Moves a row from the position that the caller believes it at; null for a row that is not there yet. Raises RK001 if another consumer moved it meanwhile, and what
-- the caller was about to store with it is undone.
create function {schema}.recs_advance_kafka_offset(group_ varchar, topic_ varchar, partition_ integer, expected bigint, next bigint, moved_at timestamptz)
returns void language plpgsql as $$
begin
  if expected is null then
    insert into {schema}.recs_kafka_offsets (consumer_group, topic, partition, next_offset, updated_at) values (group_, topic_, partition_, next, moved_at)
    on conflict do nothing;
  else
    update {schema}.recs_kafka_offsets set next_offset = next, updated_at = moved_at
    where consumer_group = group_ and topic = topic_ and partition = partition_ and next_offset = expected;
  end if;
  if not found then
    raise exception 'The position of %[%] in group % is not % any more.', topic_, partition_, group_, coalesce(expected::text, 'unset') using errcode = 'RK001';
  end if;
end
$$;
