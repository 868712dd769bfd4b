-- A rejected line whose text does not give its bytes back (no UTF-8, or a NUL) is kept with its bytes, so that it can be handed back and tried again as it came.

alter table {schema}.recs_rejects add column raw_bytes bytea null;
comment on column {schema}.recs_rejects.raw_bytes is 'The line as it came where raw, in the encoding of its format, is not that; null where it is, and of lines of which only the beginning is kept.';
