-- What each person did, one packed row per person (projection UserHistory), and a view that unfolds it.
create schema if not exists read;

create table read.user_history (
  user_id       text primary key,
  version       bigint not null,
  last_sequence bigint not null,
  digest        bigint not null,
  erased        boolean not null,
  gender        text,
  age           integer,
  occupation    text,
  zip_code      text,
  entries       integer not null,
  items         bytea not null
);
-- The bytes are dense already: compressing them costs time and saves little.
alter table read.user_history alter column items set storage external;

comment on table read.user_history is 'One row per person, folded from the stream user-{user_id}; items is packed, see read.user_events.';
comment on column read.user_history.version is 'Version in the stream of the last fact folded.';
comment on column read.user_history.last_sequence is 'Log position of the last fact folded.';
comment on column read.user_history.digest is 'Rolling digest over every fact; slates record it as 16 hexadecimal digits.';
comment on column read.user_history.entries is 'Number of packed entries; a run of watched minutes of one movie is one.';

-- Unfolds the packed bytes, entry after entry: kind, movie id, value, run, time, sequence. Numbers are varints: seven bits a byte, lowest
-- first, 128 where more follow; signed ones zigzag (sign in the lowest bit). A value that is no multiple of one half is decimal text.
create function read.unfold_user_history(items bytea)
returns table (movie_id text, kind text, value double precision, minutes integer, at timestamptz, last_at timestamptz, sequence bigint, place integer)
language plpgsql immutable strict parallel safe as $$
declare
  here integer := 0;                 -- next byte
  size integer := length(items);
  head integer;                      -- kind, plus 128 for a value as text
  fields bigint[];                   -- id length, value, (minutes, run length,) time, sequence
  field bigint;
  shift integer;
  part integer;
  now_at bigint := 0;
  now_sequence bigint := 0;
begin
  place := 0;
  while here < size loop
    head := get_byte(items, here);
    here := here + 1;
    fields := '{}';
    for n in 1 .. 4 + case when head & 127 = 2 then 2 else 0 end loop
      field := 0;
      shift := 0;
      loop
        part := get_byte(items, here);
        here := here + 1;
        field := field | ((part & 127)::bigint << shift);
        exit when part < 128;
        shift := shift + 7;
      end loop;
      if n = 1 then
        movie_id := convert_from(substring(items from here + 1 for field::integer), 'UTF8');
        here := here + field::integer;
      elsif n = 2 and head & 128 <> 0 then
        value := convert_from(substring(items from here + 1 for field::integer), 'UTF8')::double precision;
        here := here + field::integer;
      elsif head & 127 <> 2 or n <> 3 then
        field := ((field >> 1) & 9223372036854775807) # -(field & 1);
      end if;
      fields := fields || field;
    end loop;
    kind := case head & 127 when 1 then 'rated' when 2 then 'watched' when 3 then 'opened' end;
    if head & 128 = 0 then value := fields[2] / 2.0; end if;
    now_at := now_at + fields[cardinality(fields) - 1];
    now_sequence := now_sequence + fields[cardinality(fields)];
    minutes := case when head & 127 = 2 then fields[3] end;
    at := to_timestamp(now_at / 1000.0);
    last_at := to_timestamp((now_at + case when head & 127 = 2 then fields[4] else 0 end) / 1000.0);
    sequence := now_sequence;
    return next;
    place := place + 1;
  end loop;
end $$;

create view read.user_events as
select h.user_id, e.movie_id, e.kind, e.value, e.at, e.place as "position", e.minutes, e.last_at, e.sequence
from read.user_history h cross join lateral read.unfold_user_history(h.items) e;

comment on view read.user_events is 'One row per rating, opening or run of watched minutes, in log order per person from position 0. value: stars, or the last minute of the run, or 0.';
