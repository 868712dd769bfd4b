using Recs.Contracts;

namespace Recs.Projections.ModelRegistry;

/// <summary>What each event of the registry does to the tables. <c>e</c> is the event: <c>e.j</c> its body, <c>e.seq</c> its position.</summary>
internal static class RegistryStatements
{
    private const string Snapshots = "read.snapshots";
    private const string Trainings = "read.trainings";
    private const string Models = "read.models";
    private const string Promotions = "read.promotions";

    public static IReadOnlyList<string> Tables { get; } = [Snapshots, Trainings, Models, Promotions];

    public static IReadOnlyDictionary<string, string[]> ByType { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [EventAliases.SnapshotTaken] =
        [
            """
            insert into {read.snapshots} (snapshot_id, through_sequence, filters, count, users, movies, sha256, taken_at, sequence)
            select j->>'SnapshotId', (j->>'ThroughSequence')::bigint, coalesce(j->'Filters', '{}'), (j->>'Count')::bigint, (j->>'Users')::integer,
                   (j->>'Movies')::integer, j->>'Sha256', (j->>'At')::timestamptz, seq from e
            on conflict (snapshot_id) do update set through_sequence = excluded.through_sequence, filters = excluded.filters, count = excluded.count,
              users = excluded.users, movies = excluded.movies, sha256 = excluded.sha256, taken_at = excluded.taken_at, sequence = excluded.sequence
            """,
        ],
        [EventAliases.TrainingRequested] =
        [
            """
            insert into {read.trainings} (training_id, model, snapshot_id, options, seed, requested_by, reason, requested_at, state, sequence)
            select j->>'TrainingId', j->>'Model', j->>'SnapshotId', j->'Options', (j->>'Seed')::numeric, j->>'RequestedBy', j->>'Reason',
                   (j->>'At')::timestamptz, 'requested', seq from e
            on conflict (training_id) do update set model = excluded.model, snapshot_id = excluded.snapshot_id, options = excluded.options,
              seed = excluded.seed, requested_by = excluded.requested_by, reason = excluded.reason, requested_at = excluded.requested_at
            """,
        ],
        [EventAliases.ModelTrained] =
        [
            """
            insert into {read.models} (version, model, n, training_id, content_hash, snapshot_id, snapshot_sha256, through_sequence, options, seed,
              format_version, code_revision, dirty, files, seconds, bytes, trained_at, metrics, sequence)
            select j->>'Version', j->>'Model', (regexp_match(j->>'Version', '-v0\.([0-9]{1,9})$'))[1]::integer, j->>'TrainingId', j->>'ContentHash',
                   j->>'SnapshotId', j->>'SnapshotSha256', (j->>'ThroughSequence')::bigint, j->'Options', (j->>'Seed')::numeric,
                   (j->>'FormatVersion')::integer, j->>'CodeRevision', (j->>'Dirty')::boolean, j->'Files', (j->>'Seconds')::double precision,
                   (j->>'Bytes')::bigint, (j->>'At')::timestamptz, '{}', seq from e
            """,
            """
            insert into {read.trainings} (training_id, model, snapshot_id, options, seed, state, version, ended_at, sequence)
            select j->>'TrainingId', j->>'Model', j->>'SnapshotId', j->'Options', (j->>'Seed')::numeric, 'trained', j->>'Version', (j->>'At')::timestamptz, seq from e
            on conflict (training_id) do update set state = excluded.state, version = excluded.version, ended_at = excluded.ended_at, failure = null
            """,
        ],
        [EventAliases.TrainingFailed] =
        [
            """
            insert into {read.trainings} (training_id, model, state, failure, ended_at, sequence)
            select j->>'TrainingId', j->>'Model', 'failed', j->>'Reason', (j->>'At')::timestamptz, seq from e
            on conflict (training_id) do update set state = excluded.state, failure = excluded.failure, ended_at = excluded.ended_at
            """,
        ],
        [EventAliases.TrainingCancelled] =
        [
            """
            insert into {read.trainings} (training_id, model, state, failure, ended_at, sequence)
            select j->>'TrainingId', j->>'Model', 'cancelled', 'by ' || (j->>'By') || ': ' || (j->>'Reason'), (j->>'At')::timestamptz, seq from e
            on conflict (training_id) do update set state = excluded.state, failure = excluded.failure, ended_at = excluded.ended_at
            """,
        ],
        [EventAliases.ModelEvaluated] =
        [
            """
            update {read.models} m set metrics = m.metrics || jsonb_build_object(e.j->>'Protocol', e.j->'Metrics') from e where m.version = e.j->>'Version'
            """,
        ],
        [EventAliases.ModelPromoted] =
        [
            """
            insert into {read.promotions} (sequence, kind, model, version, previous, by, reason, at)
            select seq, 'promoted', j->>'Model', j->>'Version', j->>'Previous', j->>'By', j->>'Reason', (j->>'At')::timestamptz from e
            """,
        ],
        [EventAliases.ModelRolledBack] =
        [
            """
            insert into {read.promotions} (sequence, kind, model, version, previous, by, reason, at)
            select seq, 'rolled_back', j->>'Model', j->>'Version', j->>'From', j->>'By', j->>'Reason', (j->>'At')::timestamptz from e
            """,
        ],
    };

    /// <summary>The statement with its tables named and the event in front.</summary>
    public static string For(string statement, Func<string, string> table)
    {
        foreach (var name in Tables) statement = statement.Replace("{" + name + "}", table(name), StringComparison.Ordinal);
        return "with e as (select $1::jsonb as j, $2::bigint as seq) " + statement;
    }
}
