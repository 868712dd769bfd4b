-- Slates of somebody else's service, as its log tells (recommendation_observed), are counted under channel imported (projections ServedSummary and OnlineMetrics). Channels are
-- never mixed, so failures get one too; all before were our own. A read model that a version without these events folded past them learns them by a rebuild.

alter table read.served_failures add column channel text not null default 'live';
alter table read.served_failures drop constraint served_failures_pkey, add primary key (day, channel, reason);
comment on table read.served_failures is 'Requests that got no slate, per day, channel and reason; for channel imported the reason is the status that the log tells.';

create view read.v_failed_requests_per_day as
select f.day, f.channel, f.requests, s.slates, f.requests / (f.requests + coalesce(s.slates, 0))::double precision as failed_share
from (select day, channel, sum(requests)::bigint as requests from read.served_failures group by day, channel) f
left join (select day, channel, sum(slates)::bigint as slates from read.served group by day, channel) s using (day, channel)
order by day, channel;
comment on view read.v_failed_requests_per_day is 'Requests that got no slate per day and channel, beside those that got one. Choose a channel: they are never to be added up.';
