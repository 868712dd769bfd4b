using Recs.EventStore.Checking;
using Recs.Host.Composition;

namespace Recs.Host.Checking;

/// <summary>Every training has one outcome at most, and the table of jobs says the same as the log.</summary>
internal static class TrainingsInvariant
{
    public static IInvariant Of(RecsStore store)
    {
        var schema = store.Options.Schema;
        return new SqlInvariant(store.Source, "trainings-answered-once", "each training has one outcome at most, and its job tells the same",
            $"""
             with outcomes as (
               select data->>'TrainingId' as training_id, count(*) as n, min(type) as type from {schema}.mt_events
               where type in ('model_trained', 'training_failed', 'training_cancelled') and stream_id like 'model-%' group by 1)
             select case when o.n > 1 then 'training ' || training_id || ' has ' || o.n || ' outcomes'
                         else 'training ' || training_id || ' is ' || coalesce(j.outcome, 'open') || ' in recs_training_jobs, but the log says ' || coalesce(o.type, 'nothing') end
             from outcomes o full join (select * from {schema}.recs_training_jobs where kind = 'training') j using (training_id)
             where o.n > 1 or (j.training_id is not null
               and j.outcome is distinct from (case o.type when 'model_trained' then 'trained' when 'training_failed' then 'failed' when 'training_cancelled' then 'cancelled' end))
             limit 1
             """);
    }
}
