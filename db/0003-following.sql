-- The high-water mark that Recs proved itself. Its twin, the row HighWaterMark of mt_event_progression, is what a Marten application reads
-- and also writes, by rules of its own (its bulk insert moves it to the end of the log), so it is never trusted as a start.
create table {schema}.recs_high_water (
  only_row boolean primary key default true check (only_row),
  seq_id bigint not null
);
