using Recs.Training.Numerics;

namespace Recs.Training.RatingFactors;

/// <summary>A rating as a step of gradient descent reads it.</summary>
/// <param name="User">Dense user id.</param>
/// <param name="Movie">Dense movie id.</param>
/// <param name="Stars">Stars, 0.5 to 5.</param>
internal readonly record struct Rating(int User, int Movie, float Stars);

/// <summary>
/// The ratings in a grid of blocks: the people are cut, in the order of their ids, into 16 groups with about as many ratings each, the movies are dealt to 16 groups at
/// random, and a block holds the ratings of one group's people for one group's movies in random order. Blocks of a diagonal, which share nobody and no movie, may be walked
/// at the same time, so the result of a walk over the grid depends on the grid alone and not on the threads (Zhuang et al., "A Fast Parallel SGD for Matrix Factorization in
/// Shared Memory Systems", 2013, with a fixed order in the place of its scheduler). A group's people lie side by side in memory: scattered over all of it, each would
/// have a page of their own, and where there are many people a block would touch more pages than the processor keeps addresses of.
/// </summary>
internal sealed class RatingGrid
{
    /// <summary>Groups a side: part of the arithmetic, and the most threads that can share a walk.</summary>
    public const int Side = 16;

    private readonly int[] _first;

    private RatingGrid(int[] first, Rating[] ratings) => (_first, Ratings) = (first, ratings);

    /// <summary>All ratings, block after block.</summary>
    public Rating[] Ratings { get; }

    /// <summary>Where a block's ratings begin and end.</summary>
    /// <param name="users">Group of people.</param>
    /// <param name="movies">Group of movies.</param>
    public (int First, int End) Block(int users, int movies) => (_first[(users * Side) + movies], _first[(users * Side) + movies + 1]);

    /// <summary>Deals the ratings.</summary>
    /// <param name="table">Ratings by person.</param>
    /// <param name="random">The deal.</param>
    /// <param name="threads">Threads at most.</param>
    public static RatingGrid Of(RatingTable table, CounterRandom random, int threads)
    {
        var first = new int[(Side * Side) + 1];
        var group = new int[table.Movies];
        for (var movie = 0; movie < group.Length; movie++)
            group[movie] = random.Below(Side, ~(ulong)movie);
        for (var user = 0; user < table.Users; user++)
            for (var i = table.First[user]; i < table.First[user + 1]; i++)
                first[Block(table, user, group[table.Movie[i]]) + 1]++;
        for (var b = 0; b < Side * Side; b++)
            first[b + 1] += first[b];
        var ratings = new Rating[table.Count];
        var order = new ulong[table.Count];
        var next = first.AsSpan(0, Side * Side).ToArray();
        for (var user = 0; user < table.Users; user++)
            for (var i = table.First[user]; i < table.First[user + 1]; i++)
            {
                var place = next[Block(table, user, group[table.Movie[i]])]++;
                ratings[place] = new(user, table.Movie[i], table.Stars[i]);
                order[place] = random.Bits(((ulong)(user + 1) << 32) + (uint)table.Movie[i]);
            }

        Workers.Run(threads, Side * Side, b => Array.Sort(order, ratings, first[b], first[b + 1] - first[b]));
        return new(first, ratings);
    }

    private static int Block(RatingTable table, int user, int movies) => ((int)((long)table.First[user] * Side / table.Count) * Side) + movies;
}
