-- The registry for people who ask in SQL: what was in production when, what became of each training, and the figures by protocol.

create view read.v_production_history as
select sequence, version, model, kind, by, reason, at as since, lead(at) over (order by sequence) as until, lag(version) over (order by sequence) as before
from read.promotions order by sequence desc;
comment on view read.v_production_history is 'What was in production from when until when, who decided it and why, newest first.';

create view read.v_trainings as
select training_id, model, state, version, failure as detail, snapshot_id, options, seed, requested_by, reason, requested_at, ended_at, ended_at - requested_at as took
from read.trainings order by sequence desc;
comment on view read.v_trainings is 'Trainings asked for and what became of them: requested, trained, failed or cancelled. Which process fits now is in recs_training_jobs.';

create view read.v_leaderboard as
select p.key as protocol, f.key as metric, f.value::double precision as value, m.version, m.model, m.snapshot_id, m.seconds, m.bytes, c.version is not null as in_production
from read.models m cross join lateral jsonb_each(m.metrics) p cross join lateral jsonb_each_text(p.value) f left join read.champion c on c.version = m.version
order by protocol, metric, value desc;
comment on view read.v_leaderboard is 'Offline figures of every version. Only rows of one protocol and one metric may be compared.';
