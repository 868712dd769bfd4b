using Recs.Host.CommandLine;
using Recs.Host.Simulating.People;
using Recs.Queries.Movies;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>
/// Reads the service's whole catalogue through its search, which shows at most the first 1,000 movies of any question: where there are more, it is asked for by year,
/// half of the years each time, and within one year by genre.
/// </summary>
internal sealed class CatalogueReading(HttpClient http)
{
    private const int PageSize = 100, MostShown = 1000, FirstYear = 1800, LastYear = 2200;
    private readonly Dictionary<string, ListedMovie> movies = new(StringComparer.Ordinal);

    /// <summary>Every movie that the search shows.</summary>
    /// <exception cref="UnavailableException">The service does not answer as it should, or has no movie.</exception>
    public async Task<IReadOnlyCollection<ListedMovie>> ReadAsync(CancellationToken cancel)
    {
        if (await AddAsync("", cancel)) await AddYearsAsync(FirstYear, LastYear, cancel);
        return movies.Count > 0 ? movies.Values : throw new UnavailableException($"the catalogue of the service at {http.BaseAddress} is empty: import a data set first.");
    }

    private async Task AddYearsAsync(int from, int to, CancellationToken cancel)
    {
        if (!await AddAsync($"&year={from}-{to}", cancel)) return;
        if (from < to)
        {
            await AddYearsAsync(from, (from + to) / 2, cancel);
            await AddYearsAsync((from + to) / 2 + 1, to, cancel);
        }
        else
        {
            foreach (var genre in movies.Values.SelectMany(m => m.Genres).Distinct(StringComparer.Ordinal).ToArray())
                await AddAsync($"&year={from}&genre={Uri.EscapeDataString(genre)}", cancel);
        }
    }

    /// <summary>Adds all pages of a question.</summary>
    /// <returns>Whether there may be more than the search shows.</returns>
    private async Task<bool> AddAsync(string question, CancellationToken cancel)
    {
        for (int? skip = 0, shown = 0; skip is { } from; shown += PageSize)
        {
            using var response = await http.GetAsync($"movies?k={PageSize}&skip={from}{question}", cancel);
            if (!response.IsSuccessStatusCode)
                throw new UnavailableException($"the service at {http.BaseAddress} answered {(int)response.StatusCode} to /movies: {await response.Content.ReadAsStringAsync(cancel)}");
            if (await response.Content.ReadFromJsonAsync<MovieSearch>(cancel) is not { Items: not null } page)
                throw new UnavailableException($"what answers at {http.BaseAddress} is not a Recs service: its /movies has no items.");
            foreach (var m in page.Items) movies[m.MovieId] = new(m.MovieId, m.Title, m.Year, m.Genres, m.Events);
            skip = page.NextSkip;
            if (shown + page.Items.Count >= MostShown) return true;
        }
        return false;
    }
}
