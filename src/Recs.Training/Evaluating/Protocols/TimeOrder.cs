using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Protocols;

/// <summary>What decides between ratings of the same time.</summary>
public enum TimeTies
{
    /// <summary>The position in the source: the first line comes first.</summary>
    File,
    /// <summary>A hash of user and movie: shows how much of a figure hangs on the order of the source's lines.</summary>
    Hash,
}

/// <summary>Puts a data set into the order of time, which every protocol starts from.</summary>
public static class TimeOrder
{
    private const ulong Purpose = 0x74696573; // "ties"

    /// <summary>The same interactions by time. A data set that is in that order already comes back as it is.</summary>
    /// <param name="set">In any order; its order decides where <paramref name="ties"/> says so.</param>
    /// <param name="ties">What decides between equal times.</param>
    /// <param name="seed">Key of the hash.</param>
    public static InteractionSet Of(InteractionSet set, TimeTies ties = TimeTies.File, ulong seed = 1)
    {
        if (ties == TimeTies.File && IsSorted(set.At))
            return set;
        var hashes = ties == TimeTies.Hash ? Hashes(set, seed) : new ulong[set.Count];
        var at = set.At.ToArray();
        var order = new int[set.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) =>
        {
            var byTime = at[a].CompareTo(at[b]);
            if (byTime != 0)
                return byTime;
            var byHash = hashes[a].CompareTo(hashes[b]);
            return byHash != 0 ? byHash : a.CompareTo(b);
        });
        return new(
            set.Users, set.Movies, Column(set.User, order), Column(set.Movie, order), Column(set.HalfStars, order), Column(set.At, order), set.Genres, set.Demographics, set.Titles);
    }

    /// <summary>How many users' newest rating shares its time with another of theirs: for them the last movie is a matter of the order of lines.</summary>
    public static int UsersWithTiedLast(InteractionSet set)
    {
        var newest = new long[set.Users.Count];
        var count = new int[set.Users.Count];
        for (var i = 0; i < set.Count; i++)
        {
            var user = set.User[i];
            if (count[user] == 0 || set.At[i] > newest[user])
                (newest[user], count[user]) = (set.At[i], 1);
            else if (set.At[i] == newest[user])
                count[user]++;
        }

        return count.Count(c => c > 1);
    }

    private static bool IsSorted(ReadOnlySpan<long> at)
    {
        for (var i = 1; i < at.Length; i++)
            if (at[i] < at[i - 1])
                return false;
        return true;
    }

    private static ulong[] Hashes(InteractionSet set, ulong seed)
    {
        var random = new CounterRandom(seed, Purpose);
        ulong[] users = [.. set.Users.Ids.Select(Hash)], movies = [.. set.Movies.Ids.Select(Hash)];
        var hashes = new ulong[set.Count];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = random.Bits(users[set.User[i]] + (31 * movies[set.Movie[i]]));
        return hashes;
    }

    /// <summary>FNV-1a over the characters: the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
    private static ulong Hash(string id)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in id)
            hash = (hash ^ character) * 1099511628211UL;
        return hash;
    }

    private static T[] Column<T>(ReadOnlySpan<T> column, int[] order)
    {
        var sorted = new T[order.Length];
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = column[order[i]];
        return sorted;
    }
}
