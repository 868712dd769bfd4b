using Npgsql;

namespace Recs.EventStore.Following;

/// <summary>A transaction that drew numbers and has not ended.</summary>
/// <param name="VirtualTransaction">Its virtual transaction id; of a prepared transaction <c>-1/{xid}</c>.</param>
/// <param name="Pid">Its backend; null for a prepared transaction.</param>
internal readonly record struct SequenceHolder(string VirtualTransaction, int? Pid)
{
    public override string ToString() => Pid is { } pid ? $"backend {pid}" : $"prepared transaction {VirtualTransaction}";
}

/// <summary>
/// Who may still fill a number: <c>nextval</c> takes RowExclusiveLock on the sequence before it draws and keeps it to the end of the transaction,
/// and a commit is visible before its locks go. So once all who held the lock at some moment are gone, a number drawn before that moment
/// is there or will never be.
/// </summary>
internal static class SequenceHolders
{
    /// <summary>Everybody who holds the lock now.</summary>
    public static async Task<HashSet<SequenceHolder>> NowAsync(NpgsqlConnection connection, string schema, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"""
             select l.virtualtransaction, l.pid
             from pg_catalog.pg_locks l
             join pg_catalog.pg_database d on d.oid = l.database and d.datname = current_database()
             where l.locktype = 'relation' and l.relation = '{schema}.mt_events_sequence'::regclass and l.mode = 'RowExclusiveLock' and l.granted
             """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var holders = new HashSet<SequenceHolder>();
        while (await reader.ReadAsync(cancel)) holders.Add(new(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt32(1)));
        return holders;
    }

    /// <summary>
    /// Those noted before who are still there. A transaction that is prepared for two-phase commit goes on under another identity, so when one of the
    /// noted is gone, prepared ones that were not there at the last look are counted in.
    /// </summary>
    /// <param name="noted">Still awaited at the last look.</param>
    /// <param name="lastLook">Everybody at the last look.</param>
    /// <param name="now">Everybody now.</param>
    public static HashSet<SequenceHolder> StillAwaited(
        IReadOnlySet<SequenceHolder> noted, IReadOnlySet<SequenceHolder> lastLook, IReadOnlySet<SequenceHolder> now)
    {
        var left = noted.Where(now.Contains).ToHashSet();
        if (left.Count < noted.Count) left.UnionWith(now.Where(h => h.Pid is null && !lastLook.Contains(h)));
        return left;
    }
}
