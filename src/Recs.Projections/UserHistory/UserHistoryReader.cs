using Npgsql;
using NpgsqlTypes;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Evolving;

namespace Recs.Projections.UserHistory;

/// <summary>
/// Loads a person's state: the packed row plus whatever the stream holds past it, in one statement and so in one view of the database. The
/// answer is current to the moment of the statement, however far the projection lags.
/// </summary>
public sealed class UserHistoryReader(NpgsqlDataSource source, EventStoreOptions options, EventTypes types, IdPool ids)
{
    private readonly string _sql =
        $"""
         with row as materialized (select {UserHistoryRow.Columns} from read.user_history where user_id = $1)
         select 0::bigint as part, row.*, null::text as type, null::text as data from row
         union all
         select e.version, null, null, e.seq_id, null, null, null, null, null, null, null, null, e.type, e.data::text
         from {options.Schema}.mt_events e
         where e.stream_id = $2 and e.version > coalesce((select version from row), 0) and not e.is_archived
         order by part
         """;

    /// <summary>The state now; <see cref="UserHistoryState.Empty"/> for a person that the log does not know.</summary>
    /// <param name="userId">Text id.</param>
    /// <param name="cancel">Stops the read.</param>
    public async Task<UserHistoryState> LoadAsync(string userId, CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(_sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = userId, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StreamIds.User(userId), NpgsqlDbType = NpgsqlDbType.Varchar });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var state = UserHistoryState.Empty;
        while (await reader.ReadAsync(cancel))
            state = reader.GetInt64(0) == 0 ? UserHistoryRow.Read(reader, 1, ids) : Apply(state, reader);
        return state;
    }

    private UserHistoryState Apply(UserHistoryState state, NpgsqlDataReader reader)
    {
        var (type, data) = types.Upcast(reader.GetString(12), reader.GetFieldValue<byte[]>(13));
        return state.Apply(new RecordedEvent(reader.GetInt64(3), default, "", reader.GetInt64(0), type, data, default, null, null), ids);
    }
}
