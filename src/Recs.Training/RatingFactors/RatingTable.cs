using Recs.Training.Snapshots;

namespace Recs.Training.RatingFactors;

/// <summary>
/// Who rated what: per person the movies of their history that they rated, in the history's order, with the last rating of each. What was only watched is no
/// rating and stays out.
/// </summary>
internal sealed class RatingTable
{
    private RatingTable(int[] first, int[] movie, float[] stars, int movies, RatingScale scale)
        => (First, Movie, Stars, Movies, Scale) = (first, movie, stars, movies, scale);

    /// <summary>Per person the place of their first rating, and one past the last person's end.</summary>
    public int[] First { get; }
    /// <summary>Dense movie id per rating.</summary>
    public int[] Movie { get; }
    /// <summary>Stars per rating, 0.5 to 5.</summary>
    public float[] Stars { get; }
    /// <summary>Number of movies, those without a rating included.</summary>
    public int Movies { get; }
    /// <summary>Number of people, those without a rating included.</summary>
    public int Users => First.Length - 1;
    /// <summary>Number of people with a rating.</summary>
    public int Raters => Enumerable.Range(0, Users).Count(user => First[user] < First[user + 1]);
    /// <summary>Number of ratings.</summary>
    public int Count => Movie.Length;
    /// <summary>Mean and bounds of the ratings.</summary>
    public RatingScale Scale { get; }

    /// <summary>Takes the ratings out of the histories.</summary>
    /// <param name="histories">Every person's history.</param>
    /// <param name="movies">Number of movies.</param>
    /// <exception cref="InvalidDataException">There is no rating.</exception>
    public static RatingTable Of(Histories histories, int movies)
    {
        var halfStars = histories.HalfStars;
        var count = halfStars.Length - halfStars.Count((byte)0);
        if (count == 0)
            throw new InvalidDataException("The snapshot is empty of ratings: there is nothing to learn stars from.");
        var (first, movie, stars) = (new int[histories.Users + 1], new int[count], new float[count]);
        var (end, sum, lowest, highest) = (0, 0L, byte.MaxValue, byte.MinValue);
        for (var user = 0; user < histories.Users; user++)
        {
            var history = histories.Of(user);
            var given = histories.HalfStarsOf(user);
            for (var place = 0; place < history.Length; place++)
            {
                if (given[place] == 0)
                    continue;
                (movie[end], stars[end]) = (history[place], given[place] / 2f);
                end++;
                sum += given[place];
                (lowest, highest) = (Math.Min(lowest, given[place]), Math.Max(highest, given[place]));
            }

            first[user + 1] = end;
        }

        return new(first, movie, stars, movies, new((float)(sum / 2.0 / count), lowest / 2f, highest / 2f));
    }

    /// <summary>The same ratings by movie, the people of each in ascending order.</summary>
    /// <returns>Per movie its first place and one past the last movie's end, the person and the stars per place.</returns>
    public (int[] First, int[] User, float[] Stars) ByMovie()
    {
        var first = new int[Movies + 1];
        foreach (var movie in Movie)
            first[movie + 1]++;
        for (var movie = 0; movie < Movies; movie++)
            first[movie + 1] += first[movie];
        var next = first.AsSpan(0, Movies).ToArray();
        var (user, stars) = (new int[Count], new float[Count]);
        for (var u = 0; u < Users; u++)
            for (var i = First[u]; i < First[u + 1]; i++)
            {
                var place = next[Movie[i]]++;
                (user[place], stars[place]) = (u, Stars[i]);
            }

        return (first, user, stars);
    }

    /// <summary>How many people rated each movie.</summary>
    public int[] CountByMovie()
    {
        var counts = new int[Movies];
        foreach (var movie in Movie)
            counts[movie]++;
        return counts;
    }
}
