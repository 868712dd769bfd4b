-- What an import of a log read so far, counted in the transactions of its ranges: an import that was killed goes on counting where it was.

create table {schema}.recs_import_tallies (
  import_key varchar not null,
  tally varchar not null,
  rows bigint not null,
  constraint recs_import_tallies_pkey primary key (import_key, tally)
);
comment on column {schema}.recs_import_tallies.tally is 'lines (blank ones too), rows (lines that are not), stored, duplicates, movies (made from their ids), or the reason of rejected lines.';
