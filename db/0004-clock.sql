-- The time in which the log lives, if it is a simulated one: it began at start when the server's clock said anchored_at, and has run at
-- speed times real time since. No row: real time.

create table {schema}.recs_clock (
  only_row boolean primary key default true check (only_row),
  start timestamptz not null,
  speed double precision not null,
  anchored_at timestamptz not null
);
