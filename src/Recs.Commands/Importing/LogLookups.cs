using Npgsql;

namespace Recs.Commands.Importing;

/// <summary>What an import asks the log before it appends.</summary>
internal sealed class LogLookups(NpgsqlDataSource source, string schema)
{
    /// <summary>Those of the events that the log holds.</summary>
    public async Task<HashSet<Guid>> KnownAsync(Guid[] eventIds, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"select id from {schema}.mt_events where id = any($1)");
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
