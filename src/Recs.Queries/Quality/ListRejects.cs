using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Recs.EventStore;

namespace Recs.Queries.Quality;

/// <summary>A row of an import, or a message of a topic, that was not taken.</summary>
/// <param name="Id">Short id.</param>
/// <param name="Name">Where it stood: <c>KEY:FILE:LINE</c>.</param>
/// <param name="Source">What brought it.</param>
/// <param name="Format">Format that it was read as; null if nobody knows.</param>
/// <param name="File">File name; of a message its topic and partition.</param>
/// <param name="Line">Line number, from 1; of a message its offset.</param>
/// <param name="Reason">Why it was not taken, at the newest try.</param>
/// <param name="Detail">What was found and what was expected.</param>
/// <param name="Raw">The line as it came, or as it was corrected.</param>
/// <param name="At">When it was rejected first.</param>
/// <param name="Tries">How often it was tried again.</param>
/// <param name="StoredAt">When a try stored it; null while it is open.</param>
/// <param name="StoredSequence">Log position of its event; null while it is open.</param>
/// <param name="RawBase64">The line's bytes as it came, where <paramref name="Raw"/> does not give them back; null where it does.</param>
public sealed record RejectedRow(
    long Id, string Name, string Source, string? Format, string File, long Line, string Reason, string Detail, string Raw, DateTimeOffset At, int Tries,
    DateTimeOffset? StoredAt, long? StoredSequence, string? RawBase64);

/// <summary>Which rejected rows.</summary>
/// <param name="Source">Of this source; null for any.</param>
/// <param name="Reason">With this reason; null for any.</param>
/// <param name="Stored">False for open ones, true for those that a later try stored.</param>
public sealed record RejectFilter(string? Source = null, string? Reason = null, bool Stored = false);

/// <summary>Reads the rejected rows.</summary>
public sealed class ListRejects(NpgsqlDataSource source, EventStoreOptions options)
{
    private string From =>
        $"""
         from {options.Schema}.recs_rejects r
         left join lateral (select i.source, i.format from {options.Schema}.recs_imports i where i.key = r.import_key order by i.id desc limit 1) i on true
         """;

    private const string Columns =
        """
        r.id, r.import_key, coalesce(i.source, r.import_key), i.format, r.file, r.line, coalesce(r.newest_reason, r.reason), coalesce(r.newest_detail, r.detail),
        coalesce(r.corrected, r.raw), r.at, r.tries, r.stored_at, r.stored_sequence,
        case when r.corrected is null then r.raw_bytes end
        """;

    private const string Where =
        """
        where ($1::text is null or coalesce(i.source, r.import_key) = $1) and ($2::text is null or coalesce(r.newest_reason, r.reason) = $2)
        and (r.stored_at is not null) = $3
        """;

    /// <summary>A page of rows, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Only rows with a smaller id.</param>
    /// <param name="most">Most rows.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<IReadOnlyList<RejectedRow>> PageAsync(RejectFilter filter, long before, int most, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"select {Columns} {From} {Where} and r.id < $4 order by r.id desc limit $5");
        Add(command, filter);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        return await ReadAsync(command, cancel);
    }

    /// <summary>How many rows there are by reason.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(RejectFilter filter, CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"select coalesce(r.newest_reason, r.reason), count(*) {From} {Where} group by 1");
        Add(command, filter);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancel))
            counts.Add(row.GetString(0), row.GetInt64(1));
        return counts;
    }

    /// <summary>The rows that a name stands for: a short id, or <c>KEY:FILE:LINE</c> with as much of the key as is needed.</summary>
    /// <param name="name">Name.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <returns>None if there is no such row, several if the key is too short.</returns>
    public async Task<IReadOnlyList<RejectedRow>> FindAsync(string name, CancellationToken cancel)
    {
        if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            await using var byId = source.CreateCommand($"select {Columns} {From} where r.id = $1");
            byId.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
            return await ReadAsync(byId, cancel);
        }
        var end = name.LastIndexOf(':');
        if (end < 1 || !long.TryParse(name.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line))
            return [];
        // Keys and names of files may hold colons themselves.
        await using var command = source.CreateCommand(
            $"""
             select {Columns} {From}
             where r.line = $2 and right($1, length(r.file) + 1) = ':' || r.file and length($1) > length(r.file) + 1
               and starts_with(r.import_key, left($1, length($1) - length(r.file) - 1)) order by r.id
             """);
        command.Parameters.Add(new() { Value = name[..end], NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = line });
        return await ReadAsync(command, cancel);
    }

    private static void Add(NpgsqlCommand command, RejectFilter filter)
    {
        command.Parameters.Add(new() { Value = (object?)filter.Source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)filter.Reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = filter.Stored });
    }

    private static async Task<IReadOnlyList<RejectedRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        var rows = new List<RejectedRow>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            rows.Add(new(
                row.GetInt64(0), $"{row.GetString(1)}:{row.GetString(4)}:{row.GetInt64(5)}", row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4),
                row.GetInt64(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetFieldValue<DateTimeOffset>(9), row.GetInt32(10),
                row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11), row.IsDBNull(12) ? null : row.GetInt64(12),
                row.IsDBNull(13) ? null : Convert.ToBase64String(row.GetFieldValue<byte[]>(13))));
        return rows;
    }
}
