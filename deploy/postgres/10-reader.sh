#!/bin/sh
# The role that dashboards use: it may select from the read models and from nothing else, the log included. May be run again, to change the password.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$RECS_READER_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
select 'create role recs_reader login' where not exists (select from pg_roles where rolname = 'recs_reader') \gexec
alter role recs_reader with password :'password' connection limit 20;
alter role recs_reader set default_transaction_read_only = on;
alter role recs_reader set statement_timeout = '10s';
create schema if not exists read;
grant usage on schema read to recs_reader;
alter default privileges in schema read grant select on tables to recs_reader;
SQL
