using Npgsql;
using Recs.Contracts.Snapshots;
using Recs.Contracts.Users;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Training.Snapshots;

/// <summary>
/// Reads the ratings and watches of the log up to a position, the genres and titles that the catalogue gave to their movies by then, and what was known about their
/// people. The result depends on nothing but the log and the filters.
/// </summary>
public sealed class SnapshotReader(NpgsqlDataSource source, EventStoreOptions options, EventTypes types)
{
    /// <summary>Reads a data set.</summary>
    /// <param name="throughSequence">Last log position to read; must not be past the high-water mark, where a number may still be filled.</param>
    /// <param name="filters">What to leave out.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="InvalidDataException">An event holds no valid rating, watch, movie or person; the message names its position.</exception>
    public async Task<InteractionSet> ReadAsync(long throughSequence, SnapshotFilters filters, CancellationToken cancel = default)
    {
        var (builder, scope) = (new InteractionSetBuilder(), new SnapshotScope(throughSequence, filters));
        if (SnapshotScope.MayHoldOlderShapes(types))
            await ReadUpcastAsync(scope, builder, cancel);
        else
            await ReadColumnsAsync(scope, builder, cancel);
        var (set, reader) = (builder.Build(), new EventReader(source, options, types));
        var (genres, titles) = await new CatalogueReader(reader, types).ReadAsync(set.Movies, throughSequence, cancel);
        return set
            .WithGenres(genres)
            .WithTitles(titles)
            .WithDemographics(await new DemographicsReader(reader, types).ReadAsync(set.Users, throughSequence, cancel));
    }

    /// <summary>The quick way: PostgreSQL takes the columns out of the bodies and copies them out in binary.</summary>
    private async Task ReadColumnsAsync(SnapshotScope scope, InteractionSetBuilder builder, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            "copy (select seq_id, data->>'UserId', data->>'MovieId', (data->'Rating')::float8, data->'At' "
            + $"from {options.Schema}.mt_events where {scope.Sql} order by seq_id) to stdout (format binary)", cancel);
        await new InteractionCopy(copy, builder).ReadAsync(cancel);
    }

    /// <summary>The way when a body of an older shape may be in the log: every event goes through the upcasters.</summary>
    private async Task ReadUpcastAsync(SnapshotScope scope, InteractionSetBuilder builder, CancellationToken cancel)
    {
        await foreach (var e in new EventReader(source, options, types).ReadLogAsync(0, scope.ThroughSequence, SnapshotScope.Aliases, cancel))
        {
            if (!scope.Admits(e))
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
}
