-- What was answered (projection ServedSummary). Channels are never mixed.

create table read.served (
  day                  date not null,
  channel              text not null,
  model_version        text not null,
  slates               bigint not null,
  personalized         bigint not null,
  items                bigint not null,
  latency_microseconds bigint not null,
  slowest_microseconds bigint not null,
  primary key (day, channel, model_version)
);
comment on table read.served is 'Slates per day of serving, channel and model version; latency is summed, from arrival to the finished slate.';

create table read.served_failures (
  day      date not null,
  reason   text not null,
  requests bigint not null,
  primary key (day, reason)
);
comment on table read.served_failures is 'Requests that got no slate, per day and reason.';
