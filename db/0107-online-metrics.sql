-- What became of the slates (projection OnlineMetrics): the facts that are joined, kept per person so that an event of any time finds its partners, and the counts.

create table read.online_slates (
  user_id       text not null,
  at            bigint not null,
  sequence      bigint not null,
  request       bigint not null,
  channel       text not null,
  model         text not null,
  model_version text not null,
  variant       text not null,
  items         text not null,
  predicted     real[],
  primary key (user_id, at, sequence)
);
comment on table read.online_slates is 'Every served slate, as far as it is counted.';
comment on column read.online_slates.at is 'When it was served, milliseconds since 1970.';
comment on column read.online_slates.request is 'Hash of its request id.';
comment on column read.online_slates.variant is 'experiment=variant, joined by commas; none for a slate that was in no experiment.';
comment on column read.online_slates.items is 'Movie ids, best first, joined by commas.';

create table read.online_outcomes (
  user_id text not null,
  hour    bigint not null,
  items   bytea not null,
  primary key (user_id, hour)
);
comment on table read.online_outcomes is 'What each person watched, rated and opened, packed per hour of its own time (hours since 1970), in log order.';
alter table read.online_outcomes alter column items set storage external;

create table read.online_sessions (
  user_id text primary key,
  items   bytea not null
);
comment on table read.online_sessions is 'The sessions of each person per channel, packed.';
alter table read.online_sessions alter column items set storage external;

create table read.online_erased (user_id text primary key);
comment on table read.online_erased is 'People who asked to be forgotten: nothing of theirs is counted.';

create table read.online_definitions (
  name            text primary key,
  outcomes        text[] not null,
  window_seconds  integer not null,
  unit            text not null,
  minimal_rating  double precision,
  minimal_minutes integer not null,
  defined_by      text not null,
  reason          text not null,
  at              timestamptz not null,
  sequence        bigint not null
);
comment on table read.online_definitions is 'The last definition of each metric that was defined; the built-in ones are in force without a row.';

create table read.online_shares (
  metric           text not null,
  channel          text not null,
  model            text not null,
  model_version    text not null,
  variant          text not null,
  hour             timestamptz not null,
  slates           bigint not null,
  converted_slates bigint not null,
  items            bigint not null,
  converted_items  bigint not null,
  primary key (metric, channel, hour, model_version, variant, model)
);
create index on read.online_shares (slates) where slates = 0;
comment on table read.online_shares is 'Per definition and hour of serving: slates and those that converted, served movies and those that converted.';

create table read.online_measures (
  metric        text not null,
  channel       text not null,
  model         text not null,
  model_version text not null,
  variant       text not null,
  hour          timestamptz not null,
  observations  bigint not null,
  total         bigint not null,
  squares       numeric not null,
  primary key (metric, channel, hour, model_version, variant, model)
);
create index on read.online_measures (observations) where observations = 0;
comment on table read.online_measures is 'Sums per hour of serving: session lengths in whole seconds, squared errors of predicted ratings in millionths.';

create table read.online_error_batches (
  metric         text not null,
  channel        text not null,
  model          text not null,
  model_version  text not null,
  variant        text not null,
  batch          integer not null,
  ratings        integer not null,
  squared_errors bigint not null,
  first_sequence bigint not null,
  last_sequence  bigint not null,
  primary key (metric, channel, model, model_version, variant, batch)
);
comment on table read.online_error_batches is 'Squared errors of predicted ratings in millionths, in batches of 1,000 pairs in the order of the log; the last one may be open.';

create view read.v_online_metrics as
select metric, channel, model, model_version, variant, hour, slates, converted_slates, converted_slates / slates::double precision as slate_rate,
       items, converted_items, converted_items / nullif(items, 0)::double precision as item_rate
from read.online_shares;
comment on view read.v_online_metrics is 'Rates per definition and hour of serving. Choose a channel: they are never to be added up.';

create view read.v_online_metrics_per_day as
select metric, channel, model, model_version, variant, (hour at time zone 'UTC')::date as day, sum(slates)::bigint as slates, sum(converted_slates)::bigint as converted_slates,
       sum(converted_slates) / sum(slates)::double precision as slate_rate, sum(items)::bigint as items, sum(converted_items)::bigint as converted_items,
       sum(converted_items) / nullif(sum(items), 0)::double precision as item_rate
from read.online_shares group by metric, channel, model, model_version, variant, (hour at time zone 'UTC')::date;
comment on view read.v_online_metrics_per_day is 'Rates per definition and day of serving.';

create view read.v_online_rmse as
select metric, channel, model, model_version, variant, batch, ratings, sqrt(squared_errors / 1e6::double precision / ratings) as rmse, first_sequence, last_sequence
from read.online_error_batches;
comment on view read.v_online_rmse is 'Root mean squared error of predicted ratings per batch of 1,000.';

create view read.v_online_sessions as
select channel, model, model_version, variant, hour, observations as sessions, total / observations::double precision as mean_seconds
from read.online_measures where metric = 'session-length';
comment on view read.v_online_sessions is 'Sessions by the hour of their first slate, and their mean length.';
