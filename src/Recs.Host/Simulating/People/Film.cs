using Recs.Commands.Simulating;

namespace Recs.Host.Simulating.People;

/// <summary>
/// A movie of the service's catalogue as simulated people see it. What the catalogue does not tell (hidden factors, quality, length) is drawn by seed and movie id,
/// so that the same seed makes the same film whatever service lists it.
/// </summary>
internal sealed class Film
{
    /// <summary>Number of hidden factors.</summary>
    public const int Dimensions = 6;

    private const int ShortestMinutes = 80, LongestMinutes = 150;

    /// <summary>Describes a film.</summary>
    /// <param name="random">The simulation's randomness.</param>
    /// <param name="movieId">Id in the catalogue.</param>
    /// <param name="title">Title without the year.</param>
    /// <param name="year">Year of release, if known.</param>
    /// <param name="genres">Genre names.</param>
    /// <param name="fame">1 for the best known film, towards 0 for the least known.</param>
    public Film(CounterRandom random, string movieId, string title, int? year, IReadOnlyList<string> genres, double fame)
    {
        (MovieId, Title, Year, Genres, Fame) = (movieId, title, year, genres, fame);
        Key = CounterRandom.KeyOf(movieId);
        Factors = [.. Enumerable.Range(0, Dimensions).Select(d => random.Bell(Purpose.Factor, Key, d))];
        Quality = random.Bell(Purpose.Quality, Key);
        Minutes = ShortestMinutes + random.Below(LongestMinutes - ShortestMinutes + 1, Purpose.Runtime, Key);
    }

    /// <summary>Id in the catalogue.</summary>
    public string MovieId { get; }

    /// <summary>Title without the year.</summary>
    public string Title { get; }

    /// <summary>Year of release, if known.</summary>
    public int? Year { get; }

    /// <summary>Genre names.</summary>
    public IReadOnlyList<string> Genres { get; }

    /// <summary>1 for the best known film, towards 0 for the least known.</summary>
    public double Fame { get; }

    /// <summary>Coordinate of its random numbers.</summary>
    public long Key { get; }

    /// <summary>Hidden factors, each with mean 0 and variance 1 over all films.</summary>
    public double[] Factors { get; }

    /// <summary>How good it is for everybody; mean 0, variance 1.</summary>
    public double Quality { get; }

    /// <summary>Length, 80 to 150 minutes.</summary>
    public int Minutes { get; }
}
