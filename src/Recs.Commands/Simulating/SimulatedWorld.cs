using System.Security.Cryptography;
using System.Text;
using Recs.Commands.Importing;
using Recs.Contracts.Users;

namespace Recs.Commands.Simulating;

/// <summary>
/// A made-up data set for machines that have no other: persons with favourite genres and a habit of watching a genre's movies in a common order. The
/// last movie is thus easier to foresee from the ones before it than from fame alone. The same numbers give the same data set, on every machine.
/// </summary>
/// <param name="Seed">Seed.</param>
/// <param name="Users">Persons, from 1.</param>
/// <param name="Movies">Movies, from 1.</param>
/// <param name="MeanRatings">
/// Ratings per person on average, from 4; a person rates between a quarter and about two times as many, but at most half of the movies.
/// </param>
public sealed record SimulatedWorld(ulong Seed = 1, int Users = 2_000, int Movies = 1_500, int MeanRatings = 75)
{
    private const int WorldVersion = 1;
    private const int FavouriteGenres = 3;
    private const uint FirstDay = 978_307_200; // 2001-01-01
    private const uint Day = 86_400;
    private static readonly int[] AgeBands = [1, 18, 25, 35, 45, 50, 56];

    /// <summary>Makes the data set, in MovieLens 1M's shape: whole stars, persons with gender, age band, occupation and zip code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its range.</exception>
    public DataSet ToDataSet()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Users, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Movies, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MeanRatings, 4);
        var random = new CounterRandom(Seed);
        var catalogue = new SimulatedCatalogue(random, Movies);
        var ratings = new RatingColumns();
        for (var user = 0; user < Users; user++) Rate(random, catalogue, user, ratings);
        UserRegistered[] users = [.. Enumerable.Range(0, Users).Select(u => Describe(random, u))];
        var numbers = Encoding.UTF8.GetBytes($"simulated {WorldVersion} {Seed} {Users} {Movies} {MeanRatings}");
        var digest = Convert.ToHexStringLower(SHA256.HashData(numbers));
        return new(
            "simulated", "simulated", digest, catalogue.Movies, new("movies", Movies, 0, 0), users, new("users", Users, 0, 0),
            Array.ConvertAll(users, u => u.UserId), Array.ConvertAll(catalogue.Movies, m => m.MovieId), ratings, new("ratings", ratings.Count, 0, 0));
    }

    private static UserRegistered Describe(CounterRandom random, int user) => new(
        $"{user + 1}", random.Below(10, Purpose.Person, user, 0) < 7 ? "M" : "F", AgeBands[random.Below(AgeBands.Length, Purpose.Person, user, 1)],
        $"{random.Below(21, Purpose.Person, user, 2)}", $"{random.Below(100_000, Purpose.Person, user, 3):00000}");

    private void Rate(CounterRandom random, SimulatedCatalogue catalogue, int user, RatingColumns ratings)
    {
        // The mean of u^2 is a third, so a quarter plus nine quarters of it has the mean one.
        var spread = random.Uniform(Purpose.Length, user);
        var length = Math.Clamp((int)(MeanRatings * (0.25 + 2.25 * spread * spread)), 1, Math.Max(1, Movies / 2));
        var habit = 0.3 + 0.3 * random.Uniform(Purpose.Habit, user, -1);
        var seen = new HashSet<int>(length);
        var time = FirstDay + (uint)random.Below(700 * (int)Day, Purpose.Time, user, -1);
        for (int step = 0, movie = -1; step < length; step++)
        {
            var follows = movie >= 0 && random.Uniform(Purpose.Habit, user, step) < habit && !seen.Contains(catalogue.After(movie));
            movie = follows ? catalogue.After(movie) : Choose(random, catalogue, user, step, seen);
            seen.Add(movie);
            time += Pause(random, user, step);
            ratings.Add(user, movie, (byte)(2 * Stars(random, catalogue, user, movie)), time);
        }
    }

    /// <summary>A movie that the person has not seen, mostly of a favourite genre, the first favourite most of all.</summary>
    private int Choose(CounterRandom random, SimulatedCatalogue catalogue, int user, int step, HashSet<int> seen)
    {
        for (var attempt = 0; attempt < 32; attempt++)
        {
            var draw = step * 32L + attempt;
            var genre = random.Below(10, Purpose.Turn, user, draw) switch
            {
                < 5 => Favourite(random, user, 0),
                < 7 => Favourite(random, user, 1),
                < 9 => Favourite(random, user, 2),
                _ => random.Below(SimulatedCatalogue.GenreCount, Purpose.Turn, user, -1 - draw),
            };
            var movie = catalogue.Take(genre, random.Uniform(Purpose.Choice, user, draw));
            if (movie >= 0 && !seen.Contains(movie)) return movie;
        }
        var any = random.Below(Movies, Purpose.Choice, user, -1 - step);
        while (seen.Contains(any)) any = (any + 1) % Movies;
        return any;
    }

    private static int Favourite(CounterRandom random, int user, int place)
        => random.Below(SimulatedCatalogue.GenreCount, Purpose.Taste, user, place);

    private static int Stars(CounterRandom random, SimulatedCatalogue catalogue, int user, int movie)
    {
        var liked = Enumerable.Range(0, FavouriteGenres).Any(p => Favourite(random, user, p) == catalogue.GenreOf(movie));
        var mildness = random.Uniform(Purpose.Opinion, user, -1) - 0.5;
        var stars = 1.8 + (liked ? 0.7 : 0) + mildness + 1.6 * catalogue.QualityOf(movie) + 1.2 * random.Uniform(Purpose.Opinion, user, movie);
        return Math.Clamp((int)(stars + 0.5), 1, 5);
    }

    /// <summary>Seconds to the next rating: some minutes, now and then some days.</summary>
    private static uint Pause(CounterRandom random, int user, int step) => random.Below(20, Purpose.Time, user, 2L * step) == 0
        ? Day * (uint)(1 + random.Below(20, Purpose.Time, user, 2L * step + 1))
        : 20 + (uint)random.Below(600, Purpose.Time, user, 2L * step + 1);
}
