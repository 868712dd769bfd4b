-- Events that turned up at numbers that had been passed as gone, and that a relay may have gone past without seeing. The row is written in the commit that takes the
-- number out of its passed range, whether a relay runs or not and whichever process finds the event. A relay that had not come so far tells it twice, never not at all.
create table {schema}.recs_relay_late (
  name varchar not null references {schema}.recs_relay (name) on delete cascade,
  seq_id bigint not null,
  primary key (name, seq_id)
);
comment on table {schema}.recs_relay_late is 'Events that came late and are still to be told; a row goes when the broker has acknowledged its event.';

create function {schema}.recs_note_late_for_relays() returns trigger language plpgsql as $$
begin
  insert into {schema}.recs_relay_late (name, seq_id)
  select r.name, e.seq_id from {schema}.recs_relay r join {schema}.mt_events e on e.seq_id between old.first_seq and old.last_seq and e.seq_id > r.started_after
  where e.type <> 'tombstone'
  on conflict do nothing;
  return null;
end
$$;
create trigger recs_gaps_note_late after delete on {schema}.recs_gaps for each row execute function {schema}.recs_note_late_for_relays();
