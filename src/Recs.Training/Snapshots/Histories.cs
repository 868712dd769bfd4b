namespace Recs.Training.Snapshots;

/// <summary>
/// Each user's distinct movies, oldest first, a movie standing where it was LAST rated or watched in log order. Serving folds a user's
/// stream by the same rule, so that a model sees at serving what it saw in training.
/// </summary>
public sealed class Histories
{
    private readonly int[] _start;
    private readonly int[] _movies;
    private readonly long[] _at;

    private Histories(int[] start, int[] movies, long[] at) => (_start, _movies, _at) = (start, movies, at);

    /// <summary>Number of users, those without a history included.</summary>
    public int Users => _start.Length - 1;
    /// <summary>Movies over all histories.</summary>
    public int Count => _movies.Length;
    /// <summary>One user's history of dense movie ids, oldest first.</summary>
    public ReadOnlySpan<int> Of(int user) => _movies.AsSpan(_start[user], _start[user + 1] - _start[user]);
    /// <summary>Place of a user's first movie in <see cref="All"/>.</summary>
    public int Start(int user) => _start[user];
    /// <summary>All histories, one after the other.</summary>
    public ReadOnlySpan<int> All => _movies;
    /// <summary>When each of <see cref="All"/> was last rated or watched, in milliseconds since 1970-01-01 UTC.</summary>
    public ReadOnlySpan<long> At => _at;

    /// <summary>Folds a data set.</summary>
    public static Histories Of(InteractionSet set)
    {
        var byUser = new int[set.Users.Count + 1];
        foreach (var user in set.User)
            byUser[user + 1]++;
        for (var u = 0; u < set.Users.Count; u++)
            byUser[u + 1] += byUser[u];
        var rows = new int[set.Count];
        var next = byUser.AsSpan(0, set.Users.Count).ToArray();
        for (var i = 0; i < set.Count; i++)
            rows[next[set.User[i]]++] = i;

        var start = new int[set.Users.Count + 1];
        var seenBy = new int[set.Movies.Count]; // user + 1 of whoever was last found to have the movie
        var movies = new int[set.Count];
        var at = new long[set.Count];
        var end = 0;
        for (var user = 0; user < set.Users.Count; user++)
        {
            start[user] = end;
            for (var i = byUser[user + 1] - 1; i >= byUser[user]; i--) // newest first, so that a movie's last place wins
            {
                var movie = set.Movie[rows[i]];
                if (seenBy[movie] == user + 1)
                    continue;
                seenBy[movie] = user + 1;
                (movies[end], at[end]) = (movie, set.At[rows[i]]);
                end++;
            }

            movies.AsSpan(start[user], end - start[user]).Reverse();
            at.AsSpan(start[user], end - start[user]).Reverse();
        }

        start[^1] = end;
        return new(start, movies.AsSpan(0, end).ToArray(), at.AsSpan(0, end).ToArray());
    }
}
