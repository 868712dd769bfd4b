namespace Recs.Training.Snapshots;

/// <summary>
/// Each user's distinct movies, oldest first, a movie standing where it was LAST rated or watched in log order. Serving folds a user's
/// stream by the same rule, so that a model sees at serving what it saw in training.
/// </summary>
public sealed class Histories
{
    private readonly int[] _start;
    private readonly int[] _movies;
    private readonly byte[] _halfStars;
    private readonly long[] _at;

    private Histories(int[] start, int[] movies, byte[] halfStars, long[] at) => (_start, _movies, _halfStars, _at) = (start, movies, halfStars, at);

    /// <summary>Number of users, those without a history included.</summary>
    public int Users => _start.Length - 1;
    /// <summary>Movies over all histories.</summary>
    public int Count => _movies.Length;
    /// <summary>One user's history of dense movie ids, oldest first.</summary>
    public ReadOnlySpan<int> Of(int user) => _movies.AsSpan(_start[user], _start[user + 1] - _start[user]);
    /// <summary>One user's ratings, a column beside <see cref="Of(int)"/>: each movie's last rating in half stars, 1 to 10, or 0 if it was only watched.</summary>
    public ReadOnlySpan<byte> HalfStarsOf(int user) => _halfStars.AsSpan(_start[user], _start[user + 1] - _start[user]);
    /// <summary>Place of a user's first movie in <see cref="All"/>.</summary>
    public int Start(int user) => _start[user];
    /// <summary>All histories, one after the other.</summary>
    public ReadOnlySpan<int> All => _movies;
    /// <summary>The last rating of each of <see cref="All"/> in half stars, 1 to 10; 0 if it was only watched.</summary>
    public ReadOnlySpan<byte> HalfStars => _halfStars;
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
        var placeOf = new int[set.Movies.Count]; // of the movie in that person's history
        var movies = new int[set.Count];
        var halfStars = new byte[set.Count];
        var at = new long[set.Count];
        var end = 0;
        for (var user = 0; user < set.Users.Count; user++)
        {
            start[user] = end;
            for (var i = byUser[user + 1] - 1; i >= byUser[user]; i--) // newest first, so that a movie's last place wins
            {
                var movie = set.Movie[rows[i]];
                if (seenBy[movie] == user + 1)
                {
                    if (halfStars[placeOf[movie]] == 0)
                        halfStars[placeOf[movie]] = set.HalfStars[rows[i]]; // watched again since it was rated: the rating stands
                    continue;
                }

                (seenBy[movie], placeOf[movie]) = (user + 1, end);
                (movies[end], halfStars[end], at[end]) = (movie, set.HalfStars[rows[i]], set.At[rows[i]]);
                end++;
            }

            movies.AsSpan(start[user], end - start[user]).Reverse();
            halfStars.AsSpan(start[user], end - start[user]).Reverse();
            at.AsSpan(start[user], end - start[user]).Reverse();
        }

        start[^1] = end;
        return new(start, movies.AsSpan(0, end).ToArray(), halfStars.AsSpan(0, end).ToArray(), at.AsSpan(0, end).ToArray());
    }
}
