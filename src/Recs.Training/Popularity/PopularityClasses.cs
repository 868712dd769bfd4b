using Recs.Training.Scoring;

namespace Recs.Training.Popularity;

/// <summary>Where a movie stands: among the most popular ones that hold a fifth of all interactions, among those that hold the last fifth, or in between.</summary>
public enum PopularityClass
{
    /// <summary>The most popular movies, with the first fifth of the interactions.</summary>
    Head,
    /// <summary>In between: three fifths of the interactions.</summary>
    Middle,
    /// <summary>The least popular movies, with the last fifth.</summary>
    Tail,
}

/// <summary>Divides movies by popularity, as in Abdollahpouri et al., "User-centered Evaluation of Popularity Bias in Recommender Systems", 2021.</summary>
public static class PopularityClasses
{
    /// <summary>How many classes there are.</summary>
    public const int Count = 3;

    /// <summary>Divides.</summary>
    /// <param name="popularity">Interactions with each movie, or anything in proportion to them; what is below 0 counts as 0. Equally popular movies are taken in the order of their ids.</param>
    public static PopularityClass[] Of(ReadOnlySpan<float> popularity)
    {
        var counts = popularity.ToArray();
        var order = new int[counts.Length];
        var all = 0.0;
        for (var movie = 0; movie < counts.Length; movie++)
        {
            counts[movie] = Math.Max(0, counts[movie]);
            (order[movie], all) = (movie, all + counts[movie]);
        }

        Array.Sort(order, (a, b) => counts[a] != counts[b] ? counts[b].CompareTo(counts[a]) : a.CompareTo(b));
        var classes = new PopularityClass[counts.Length];
        var before = 0.0;
        foreach (var movie in order)
        {
            classes[movie] = before * 5 < all ? PopularityClass.Head : before * 5 < all * 4 ? PopularityClass.Middle : PopularityClass.Tail;
            before += counts[movie];
        }

        return classes;
    }

    /// <summary>
    /// The classes that a model's own artifact gives: by what it answers somebody of whom nothing is known, which is the popularity that was frozen when it was fitted. So
    /// a slate of that model finds the same classes at any later time.
    /// </summary>
    public static PopularityClass[] Of(IScorer scorer)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        var scores = new float[scorer.Movies.Count];
        scorer.Score(new UserState([]), scores);
        return Of(scores);
    }
}
