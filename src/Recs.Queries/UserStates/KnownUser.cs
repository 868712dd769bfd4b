using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;

namespace Recs.Queries.UserStates;

/// <summary>A person's folded history, and what a scorer needs of it. Never changes; a new fact makes the next one.</summary>
public sealed class KnownUser
{
    private readonly int[] _newest;

    private KnownUser(UserHistoryState state, int[] movies, int[] newest) => (State, Movies, _newest) = (state, movies, newest);

    /// <summary>The fold of the person's stream.</summary>
    public UserHistoryState State { get; }

    /// <summary>Numbers of the distinct movies rated or watched, ordered by the log position of the last fact of each, oldest first, however entries are cut. Opening a movie is no taste.</summary>
    public int[] Movies { get; }

    /// <summary>The last rating or watch of a movie of <see cref="Movies"/>.</summary>
    /// <param name="place">Place in <see cref="Movies"/>.</param>
    public HistoryEntry NewestOf(int place) => State[_newest[place]];

    /// <summary>Bytes in memory.</summary>
    public long EstimatedBytes => State.EstimatedBytes + (Movies.Length + _newest.Length) * sizeof(int) + 200;

    /// <summary>Derives the movies from the state.</summary>
    public static KnownUser Of(UserHistoryState state, MovieNumbers numbers) => Of(state, numbers, long.MaxValue);

    /// <summary>Derives the movies from what happened before a time, whenever it was recorded. A viewing happened when it began.</summary>
    public static KnownUser HappenedBefore(UserHistoryState state, MovieNumbers numbers, DateTimeOffset time) => Of(state, numbers, time.ToUnixTimeMilliseconds());

    private static KnownUser Of(UserHistoryState state, MovieNumbers numbers, long before)
    {
        var (movies, newest) = (new int[state.Count], new int[state.Count]);
        var met = new HashSet<int>(state.Count);
        for (var i = state.Count - 1; i >= 0; i--)
        {
            var entry = state[i];
            if (entry.Kind == HistoryKind.Opened || entry.At >= before)
                continue;
            var number = numbers.Of(entry.MovieId);
            if (met.Add(number))
                (movies[^met.Count], newest[^met.Count]) = (number, i);
        }
        return new(state, movies[^met.Count..], newest[^met.Count..]);
    }
}
