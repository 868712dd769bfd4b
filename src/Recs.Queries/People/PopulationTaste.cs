using Npgsql;
using Recs.Queries.Asking;

namespace Recs.Queries.People;

/// <summary>What everybody rates and watches.</summary>
/// <param name="Profile">In all, by genre and by decade.</param>
/// <param name="People">People with a history.</param>
/// <param name="ThroughSequence">Log position that popularity was folded through.</param>
internal sealed record Population(TasteProfile Profile, long People, long ThroughSequence);

/// <summary>Reads what everybody rates and watches, at most once a minute: it takes a pass over the read models, and moves slowly.</summary>
public sealed class PopulationTaste(NpgsqlDataSource source, ReadModels models, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _turn = new(1);
    private volatile Kept? _kept;

    private sealed record Kept(Population Population, long At);

    private readonly string _sql =
        $"""
         select 'all', '', sum(ratings)::bigint, sum(rating_thousandths)::bigint, sum(minutes)::bigint, (select count(*) from read.user_history where entries > 0), {models.PositionOf("Popularity")}
         from read.movie_popularity
         union all
         select 'genre', genre, sum(p.ratings)::bigint, sum(p.rating_thousandths)::bigint, sum(p.minutes)::bigint, 0, 0
         from read.movie_popularity p join read.movies m using (movie_id) cross join unnest(m.genres) genre group by genre
         union all
         select 'decade', (m.year / 10 * 10)::text, sum(p.ratings)::bigint, sum(p.rating_thousandths)::bigint, sum(p.minutes)::bigint, 0, 0
         from read.movie_popularity p join read.movies m using (movie_id) where m.year is not null group by 2
         """;

    /// <summary>The population, not older than a minute.</summary>
    internal async ValueTask<Population> GetAsync(CancellationToken cancel)
    {
        if (Fresh() is { } known)
            return known;
        await _turn.WaitAsync(cancel);
        try
        {
            if (Fresh() is { } read)
                return read;
            var population = await ReadAsync(cancel);
            _kept = new(population, clock.GetTimestamp());
            return population;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private Population? Fresh() => _kept is { } kept && clock.GetElapsedTime(kept.At) < Keep ? kept.Population : null;

    private async Task<Population> ReadAsync(CancellationToken cancel)
    {
        var (total, people, through) = (default(Consumption), 0L, 0L);
        var genres = new Dictionary<string, Consumption>(StringComparer.Ordinal);
        var decades = new Dictionary<int, Consumption>();
        await using var command = source.CreateCommand(_sql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var sums = row.IsDBNull(2) ? default : new Consumption(row.GetInt64(2), row.GetInt64(3) / 1000.0, row.GetInt64(4));
            switch (row.GetString(0))
            {
                case "genre":
                    genres.Add(row.GetString(1), sums);
                    break;
                case "decade":
                    decades.Add(int.Parse(row.GetString(1)), sums);
                    break;
                default:
                    (total, people, through) = (sums, row.GetInt64(5), row.GetInt64(6));
                    break;
            }
        }
        return new(new(total, genres, decades), people, through);
    }
}
