using Recs.Commands.Simulating;

namespace Recs.Host.Simulating.People;

/// <summary>
/// What a person likes. Liking of a film = 0.9 · mean affinity to its genres + 0.5 · (factors · leanings) / √dimensions + 0.4 · quality + 2 (fame - 1/3)
/// + 0.4 · chemistry + 1.2 where the film is in fashion: about 0 for the average film, 2 and more for the films that are right for the person.
/// </summary>
/// <param name="random">The simulation's randomness.</param>
/// <param name="person">Number of the person.</param>
/// <param name="epoch">How often tastes have changed: each time affinities and leanings are drawn anew, and what everybody likes with them.</param>
internal sealed class Taste(CounterRandom random, int person, int epoch)
{
    private const double GenreWeight = 0.9, FactorWeight = 0.5, QualityWeight = 0.4, FameWeight = 2, ChemistryWeight = 0.4, FashionBonus = 1.2;

    /// <summary>Part of an affinity that all people share; its own part is as large as keeps the variance at 1.</summary>
    private const double Shared = 0.6;

    private static readonly double Own = Math.Sqrt(1 - Shared * Shared), Scale = FactorWeight / Math.Sqrt(Film.Dimensions);

    private readonly Dictionary<string, double> affinities = new(StringComparer.Ordinal);

    /// <summary>How often tastes had changed.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>Likings of the hidden factors, each with mean 0 and variance 1 over all people.</summary>
    public double[] Leanings { get; } = [.. Enumerable.Range(0, Film.Dimensions).Select(d => random.Bell(Purpose.Leaning, person, (long)epoch * Film.Dimensions + d))];

    /// <summary>Liking of a genre; mean 0 and variance 1 over all people and genres.</summary>
    public double Affinity(string genre)
    {
        if (affinities.TryGetValue(genre, out var affinity)) return affinity;
        var key = CounterRandom.KeyOf(genre) + Epoch;
        return affinities[genre] = Shared * random.Bell(Purpose.Fashion, key) + Own * random.Bell(Purpose.Affinity, person, key);
    }

    /// <summary>Liking of a film.</summary>
    /// <param name="film">The film.</param>
    /// <param name="inFashion">Whether it is in fashion.</param>
    public double Liking(Film film, bool inFashion)
    {
        var (genres, factors) = (0.0, 0.0);
        for (var g = 0; g < film.Genres.Count; g++) genres += Affinity(film.Genres[g]);
        for (var d = 0; d < Film.Dimensions; d++) factors += film.Factors[d] * Leanings[d];
        return GenreWeight * genres / Math.Max(1, film.Genres.Count) + Scale * factors + QualityWeight * film.Quality + FameWeight * (film.Fame - 1.0 / 3)
            + ChemistryWeight * random.Bell(Purpose.Chemistry, person, film.Key) + (inFashion ? FashionBonus : 0);
    }
}
