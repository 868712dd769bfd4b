using Recs.Contracts.Movies;

namespace Recs.Commands.Simulating;

/// <summary>
/// The movies of a simulated world. Each has a main genre; the movies of a genre form a trail, an order in which people tend to watch them; some
/// movies are
/// far better known than others (weight 1 / (10 + rank squared times count), the rank from 0 to 1).
/// </summary>
internal sealed class SimulatedCatalogue
{
    private static readonly string[] Genres =
    [
        "Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
        "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    private static readonly string[] Qualities =
    [
        "Silent", "Crooked", "Amber", "Distant", "Hollow", "Paper", "Northern", "Restless",
        "Velvet", "Burning", "Quiet", "Broken", "Golden", "Winter", "Electric", "Hidden",
        "Copper", "Lonely", "Borrowed", "Midnight", "Scarlet", "Drifting",
        "Secret", "Iron", "Gentle", "Wandering", "Frozen", "Painted", "Stolen", "Endless", "Little", "Last",
    ];

    private static readonly string[] Things =
    [
        "Harbour", "Orchard", "Signal", "Lantern", "Railway", "Garden", "Compass", "Staircase", "Island",
        "Letter", "Carnival", "Bridge", "Mirror", "Meadow", "Telephone", "Circus",
        "Lighthouse", "Voyage", "Kitchen", "Mountain", "Witness", "Violin", "Border",
        "Archive", "Kingdom", "Station", "Planet", "Detective", "Summer", "Valley", "Engine", "Dream",
    ];

    private readonly int[] genreOf;
    private readonly int[] next;
    private readonly double[] quality;
    private readonly (int[] Movies, double[] Weights)[] shelves;

    public SimulatedCatalogue(CounterRandom random, int count)
    {
        genreOf = [.. Enumerable.Range(0, count).Select(m => random.Below(Genres.Length, Purpose.Genre, m))];
        quality = [.. Enumerable.Range(0, count).Select(m => random.Uniform(Purpose.Quality, m))];
        next = new int[count];
        shelves = new (int[], double[])[Genres.Length];
        for (var genre = 0; genre < Genres.Length; genre++)
        {
            int[] movies = [.. Enumerable.Range(0, count).Where(m => genreOf[m] == genre).OrderBy(m => random.Uniform(Purpose.Trail, m))];
            for (var i = 0; i < movies.Length; i++) next[movies[i]] = movies[(i + 1) % movies.Length];
            var (weights, total) = (new double[movies.Length], 0.0);
            for (var i = 0; i < movies.Length; i++)
            {
                var rank = random.Uniform(Purpose.Fame, movies[i]);
                weights[i] = total += 1 / (10 + rank * rank * count);
            }
            shelves[genre] = (movies, weights);
        }
        Movies = [.. Enumerable.Range(0, count).Select(m => Describe(random, m))];
    }

    /// <summary>Number of genres.</summary>
    public static int GenreCount => Genres.Length;

    /// <summary>Movies by index; the id is the index plus one.</summary>
    public MovieAdded[] Movies { get; }

    /// <summary>Main genre of a movie.</summary>
    public int GenreOf(int movie) => genreOf[movie];

    /// <summary>The movie after this one on its trail.</summary>
    public int After(int movie) => next[movie];

    /// <summary>How good a movie is, 0 to 1.</summary>
    public double QualityOf(int movie) => quality[movie];

    /// <summary>A movie of a genre, the well known ones more often; -1 if the genre has none.</summary>
    /// <param name="genre">Genre.</param>
    /// <param name="point">0 to 1.</param>
    public int Take(int genre, double point)
    {
        var (movies, weights) = shelves[genre];
        if (movies.Length == 0) return -1;
        var found = Array.BinarySearch(weights, point * weights[^1]);
        return movies[Math.Min(found < 0 ? ~found : found, movies.Length - 1)];
    }

    private MovieAdded Describe(CounterRandom random, int movie)
    {
        // A stride that shares no factor with the number of pairs visits each pair once before any comes again.
        var pairs = Qualities.Length * Things.Length;
        var pair = (movie * 389 + random.Below(pairs, Purpose.Title, 0)) % pairs;
        var part = movie / pairs;
        var title = $"The {Qualities[pair / Things.Length]} {Things[pair % Things.Length]}" + (part == 0 ? "" : $" {part + 1}");
        var second = random.Below(3 * Genres.Length, Purpose.Genre, movie, 1);
        string[] genres = second < Genres.Length && second != genreOf[movie] ? [Genres[genreOf[movie]], Genres[second]] : [Genres[genreOf[movie]]];
        return new($"{movie + 1}", title, 1950 + random.Below(52, Purpose.Year, movie), genres);
    }
}
