using Recs.Training.Numerics;

namespace Recs.Training.RatingFactors;

/// <summary>A rating as a step of gradient descent reads it.</summary>
/// <param name="User">Dense user id.</param>
/// <param name="Movie">Dense movie id.</param>
/// <param name="Stars">Stars, 0.5 to 5.</param>
internal readonly record struct Rating(int User, int Movie, float Stars);

/// <summary>
/// The ratings in a grid of blocks: people and movies are dealt to 16 groups each at random, and a block holds the ratings of one group's people for one group's
/// movies in random order. Blocks of a diagonal, which share nobody and no movie, may be walked at the same time, so the result of a walk over the grid depends
/// on the grid alone and not on the threads (Zhuang et al., "A Fast Parallel SGD for Matrix Factorization in Shared Memory Systems", 2013, with a fixed order
/// in the place of its scheduler).
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
    public static RatingGrid Of(RatingTable table, CounterRandom random)
    {
        var first = new int[(Side * Side) + 1];
        var block = new int[table.Count];
        for (var user = 0; user < table.Users; user++)
            for (var i = table.First[user]; i < table.First[user + 1]; i++)
            {
                block[i] = (random.Below(Side, (ulong)user) * Side) + random.Below(Side, ~(ulong)table.Movie[i]);
                first[block[i] + 1]++;
            }

        for (var b = 0; b < Side * Side; b++)
            first[b + 1] += first[b];
        var ratings = new Rating[table.Count];
        var order = new ulong[table.Count];
        var next = first.AsSpan(0, Side * Side).ToArray();
        for (var user = 0; user < table.Users; user++)
            for (var i = table.First[user]; i < table.First[user + 1]; i++)
            {
                var place = next[block[i]]++;
                ratings[place] = new(user, table.Movie[i], table.Stars[i]);
                order[place] = random.Bits(((ulong)(user + 1) << 32) + (uint)table.Movie[i]);
            }

        for (var b = 0; b < Side * Side; b++)
            Array.Sort(order, ratings, first[b], first[b + 1] - first[b]);
        return new(first, ratings);
    }
}
