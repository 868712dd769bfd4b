using Npgsql;
using Recs.Contracts;

namespace Recs.Commands.Importing;

/// <summary>What the log says of a movie or person.</summary>
/// <param name="EventId">Event that says it.</param>
/// <param name="Sequence">Its position in the log.</param>
/// <param name="Json">Its body.</param>
internal sealed record Description(Guid EventId, long Sequence, string Json);

/// <summary>What an import asks the log before it appends.</summary>
internal sealed class LogLookups(NpgsqlDataSource source, string schema)
{
    /// <summary>
    /// Those of the events that the log holds. One look into the index for each: for thousands of ids at once the planner would rather read the whole log, which costs a
    /// little more with every batch that was stored.
    /// </summary>
    public async Task<HashSet<Guid>> KnownAsync(Guid[] eventIds, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"select asked.id from unnest($1) as asked (id) cross join lateral (select 1 from {schema}.mt_events e where e.id = asked.id limit 1) known");
        command.Parameters.Add(new() { Value = eventIds });
        return await ReadAsync<Guid>(command, cancel);
    }

    /// <summary>
    /// Those of the streams that hold an event of one of the types from somebody else: a resumed import must not mistake its own events for
    /// another's.
    /// </summary>
    public async Task<HashSet<string>> StreamsWithAsync(string[] streamIds, string[] types, ImportOrigin except, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             select distinct stream_id from {schema}.mt_events where stream_id = any($1) and type = any($2) and correlation_id is distinct from $3
             """);
        command.Parameters.Add(new() { Value = streamIds });
        command.Parameters.Add(new() { Value = types });
        command.Parameters.Add(new() { Value = except.CorrelationId });
        return await ReadAsync<string>(command, cancel);
    }

    /// <summary>The newest event of one of the types in each of the streams that has one.</summary>
    public async Task<Dictionary<string, Description>> NewestAsync(string[] streamIds, string[] types, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             select distinct on (stream_id) stream_id, id, seq_id, data::text from {schema}.mt_events
             where stream_id = any($1) and type = any($2) and not is_archived order by stream_id, version desc
             """);
        command.Parameters.Add(new() { Value = streamIds });
        command.Parameters.Add(new() { Value = types });
        var newest = new Dictionary<string, Description>(StringComparer.Ordinal);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel)) newest.Add(row.GetString(0), new(row.GetGuid(1), row.GetInt64(2), row.GetString(3)));
        return newest;
    }

    /// <summary>Those of the streams that take nothing any more.</summary>
    public async Task<HashSet<string>> ArchivedAsync(string[] streamIds, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"select id from {schema}.mt_streams where id = any($1) and is_archived");
        command.Parameters.Add(new() { Value = streamIds });
        return await ReadAsync<string>(command, cancel);
    }

    /// <summary>People of whom the log takes nothing any more.</summary>
    /// <param name="userPrefix">Put before each user id of the input; others than those that begin so are left out.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<ErasedPeople> ErasedPeopleAsync(string userPrefix, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             select substr(s.id, length(p.prefix) + 1) from {schema}.mt_streams s join (values ($1), ($2)) as p (prefix) on starts_with(s.id, p.prefix) where s.is_archived
             """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StreamIds.User(userPrefix) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StreamIds.Recommendations(userPrefix) });
        return new(await ReadAsync<string>(command, cancel));
    }

    /// <summary>Log positions of those of the events that the log holds.</summary>
    public async Task<Dictionary<Guid, long>> PlacesAsync(Guid[] eventIds, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"select id, seq_id from {schema}.mt_events where id = any($1)");
        command.Parameters.Add(new() { Value = eventIds });
        var places = new Dictionary<Guid, long>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel)) places.Add(row.GetGuid(0), row.GetInt64(1));
        return places;
    }

    /// <summary>Ids of the movies of the catalogue.</summary>
    public async Task<HashSet<string>> MovieIdsAsync(CancellationToken cancel)
    {
        var prefix = StreamIds.Movie("");
        await using var command = source.CreateCommand($"select substr(id, {prefix.Length + 1}) from {schema}.mt_streams where starts_with(id, '{prefix}')");
        return await ReadAsync<string>(command, cancel);
    }

    /// <summary>How many of the streams were begun by somebody else than this import.</summary>
    public async Task<long> CountBegunByOthersAsync(string[] streamIds, string correlationId, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"select count(*) from {schema}.mt_events where stream_id = any($1) and version = 1 and correlation_id is distinct from $2");
        command.Parameters.Add(new() { Value = streamIds });
        command.Parameters.Add(new() { Value = correlationId });
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task<HashSet<T>> ReadAsync<T>(NpgsqlCommand command, CancellationToken cancel)
    {
        var found = new HashSet<T>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) found.Add(reader.GetFieldValue<T>(0));
        return found;
    }
}
