using Recs.Commands.Simulating;

namespace Recs.Host.Simulating.People;

/// <summary>A movie as the service lists it.</summary>
/// <param name="MovieId">Id.</param>
/// <param name="Title">Title without the year.</param>
/// <param name="Year">Year of release, if known.</param>
/// <param name="Genres">Genre names.</param>
/// <param name="Events">Ratings, watched minutes and opens of all time.</param>
internal sealed record ListedMovie(string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, long Events);

/// <summary>Every film of the service when the simulation began.</summary>
internal sealed class FilmCatalogue
{
    /// <summary>Of this share of the films, the newest, people say that they are new.</summary>
    private const double NewShare = 0.1;

    private readonly CounterRandom random;
    private readonly Dictionary<string, Film> byId;

    /// <summary>Makes films of what the service lists. Fame is 1 - √(rank / count), the rank by events, equal ones by id.</summary>
    /// <param name="random">The simulation's randomness.</param>
    /// <param name="listed">Each movie once.</param>
    public FilmCatalogue(CounterRandom random, IEnumerable<ListedMovie> listed)
    {
        this.random = random;
        var ranked = listed.OrderByDescending(m => m.Events).ThenBy(m => m.MovieId, StringComparer.Ordinal).ToArray();
        ByFame = [.. ranked.Select((m, rank) => new Film(random, m.MovieId, m.Title, m.Year, m.Genres, 1 - Math.Sqrt((double)rank / ranked.Length)))];
        byId = ByFame.ToDictionary(f => f.MovieId, StringComparer.Ordinal);
        Genres = [.. ByFame.SelectMany(f => f.Genres).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var years = ByFame.Where(f => f.Year is not null).Select(f => f.Year!.Value).OrderDescending().ToArray();
        NewSince = years.Length == 0 ? int.MaxValue : years[(int)(NewShare * (years.Length - 1))];
    }

    /// <summary>All films, the best known first.</summary>
    public IReadOnlyList<Film> ByFame { get; }

    /// <summary>Genre names in ordinal order.</summary>
    public IReadOnlyList<string> Genres { get; }

    /// <summary>Films of this year or later are new.</summary>
    public int NewSince { get; }

    /// <summary>The film that the service shows; one that was not in the catalogue at the start is unknown to all.</summary>
    public Film Of(ListedMovie shown) => byId.GetValueOrDefault(shown.MovieId) ?? new Film(random, shown.MovieId, shown.Title, shown.Year, shown.Genres, 0);
}
