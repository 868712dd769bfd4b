using Npgsql;
using Recs.Contracts;
using Recs.Contracts.Snapshots;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Training.Snapshots;

/// <summary>
/// Reads the ratings and watches of the log up to a position, and the genres that the catalogue gave to their movies by then. The result depends on
/// nothing but the log and the filters.
/// </summary>
public sealed class SnapshotReader(NpgsqlDataSource source, EventStoreOptions options, EventTypes types)
{
    private static readonly string[] Aliases = [EventAliases.MovieRated, EventAliases.MovieWatched];

    /// <summary>Reads a data set.</summary>
    /// <param name="throughSequence">Last log position to read; must not be past the high-water mark, where a number may still be filled.</param>
    /// <param name="filters">What to leave out.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="InvalidDataException">An event holds no valid rating, watch or movie; the message names its position.</exception>
    public async Task<InteractionSet> ReadAsync(long throughSequence, SnapshotFilters filters, CancellationToken cancel = default)
    {
        var builder = new InteractionSetBuilder();
        if (types.WithOlder(Aliases).Count > Aliases.Length)
            await ReadUpcastAsync(throughSequence, filters, builder, cancel);
        else
            await ReadColumnsAsync(throughSequence, filters, builder, cancel);
        var set = builder.Build();
        return set.WithGenres(await new GenreReader(new(source, options, types), types).ReadAsync(set.Movies, throughSequence, cancel));
    }

    /// <summary>The correlation ids of the facts of an import's source start with this.</summary>
    private static string CorrelationPrefix(string importSource) => $"import:{importSource}:";

    /// <summary>The quick way: PostgreSQL takes the columns out of the bodies and copies them out in binary.</summary>
    private async Task ReadColumnsAsync(long throughSequence, SnapshotFilters filters, InteractionSetBuilder builder, CancellationToken cancel)
    {
        // COPY takes no parameters; the texts are constants of ours or quoted.
        var bySource = filters.Sources is null
            ? ""
            : $"and ({string.Join(" or ", filters.Sources.Select(s => $"starts_with(correlation_id, {Quote(CorrelationPrefix(s))})").Append("false"))}) ";
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            "copy (select seq_id, data->>'UserId', data->>'MovieId', (data->'Rating')::float8, data->'At' "
            + $"from {options.Schema}.mt_events where seq_id <= {throughSequence} and type in ({string.Join(", ", Aliases.Select(Quote))}) "
            + $"and is_archived = false {bySource}order by seq_id) to stdout (format binary)", cancel);
        await new InteractionCopy(copy, builder).ReadAsync(cancel);
    }

    /// <summary>The way when a body of an older shape may be in the log: every event goes through the upcasters.</summary>
    private async Task ReadUpcastAsync(long throughSequence, SnapshotFilters filters, InteractionSetBuilder builder, CancellationToken cancel)
    {
        var prefixes = filters.Sources?.Select(CorrelationPrefix).ToArray();
        await foreach (var e in new EventReader(source, options, types).ReadLogAsync(0, throughSequence, Aliases, cancel))
        {
            if (prefixes is not null && !prefixes.Any(p => e.CorrelationId?.StartsWith(p, StringComparison.Ordinal) == true))
                continue;
            switch (types.Decode(e))
            {
                case MovieRated rated:
                    builder.Add(rated.UserId, rated.MovieId, InteractionSetBuilder.ToHalfStars(rated.Rating), rated.At.ToUnixTimeMilliseconds());
                    break;
                case MovieWatched watched:
                    builder.Add(watched.UserId, watched.MovieId, 0, watched.At.ToUnixTimeMilliseconds());
                    break;
            }
        }
    }

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
