using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;

namespace Recs.Queries.People;

/// <summary>Sums over ratings and watched minutes, of a person or of everybody.</summary>
/// <param name="Ratings">Ratings.</param>
/// <param name="Stars">Sum of their stars.</param>
/// <param name="Minutes">Watched minutes.</param>
public readonly record struct Consumption(long Ratings, double Stars, long Minutes)
{
    /// <summary>Mean stars; null without a rating.</summary>
    public double? MeanRating => Ratings == 0 ? null : Stars / Ratings;

    /// <summary>Both together.</summary>
    public Consumption Plus(in Consumption other) => new(Ratings + other.Ratings, Stars + other.Stars, Minutes + other.Minutes);
}

/// <summary>What a person, or everybody, rated and watched: in all, by genre and by decade of release. A movie with three genres counts in each.</summary>
/// <param name="Total">Over all movies.</param>
/// <param name="Genres">By genre name.</param>
/// <param name="Decades">By the first year of the decade in which the movie was released.</param>
public sealed record TasteProfile(Consumption Total, IReadOnlyDictionary<string, Consumption> Genres, IReadOnlyDictionary<int, Consumption> Decades)
{
    /// <summary>The profile of a history; openings are no taste.</summary>
    public static TasteProfile Of(IReadOnlyList<HistoryEntry> entries, Func<string, Movie> movieOf)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(movieOf);
        var total = default(Consumption);
        var genres = new Dictionary<string, Consumption>(StringComparer.Ordinal);
        var decades = new Dictionary<int, Consumption>();
        foreach (var entry in entries)
        {
            var one = entry.Kind switch
            {
                HistoryKind.Rated => new Consumption(1, entry.Value, 0),
                HistoryKind.Watched => new Consumption(0, 0, entry.Minutes),
                _ => default,
            };
            if (one == default)
                continue;
            var movie = movieOf(entry.MovieId);
            total = total.Plus(one);
            foreach (var genre in movie.Genres)
                genres[genre] = genres.GetValueOrDefault(genre).Plus(one);
            if (movie.Year is { } year)
                decades[DecadeOf(year)] = decades.GetValueOrDefault(DecadeOf(year)).Plus(one);
        }
        return new(total, genres, decades);
    }

    /// <summary>The first year of a year's decade.</summary>
    public static int DecadeOf(int year) => year / 10 * 10;
}
