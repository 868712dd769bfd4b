using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;

namespace Recs.Queries.UserStates;

/// <summary>A person's folded history, and what a scorer needs of it. Never changes; a new fact makes the next one.</summary>
public sealed class KnownUser
{
    private KnownUser(UserHistoryState state, int[] movies) => (State, Movies) = (state, movies);

    /// <summary>The fold of the person's stream.</summary>
    public UserHistoryState State { get; }

    /// <summary>Numbers of the distinct movies rated or watched, ordered by the last time that each was, oldest first. Opening a movie is no taste.</summary>
    public int[] Movies { get; }

    /// <summary>Bytes in memory.</summary>
    public long EstimatedBytes => State.EstimatedBytes + Movies.Length * sizeof(int) + 200;

    /// <summary>Derives the movies from the state.</summary>
    public static KnownUser Of(UserHistoryState state, MovieNumbers numbers)
    {
        var newestFirst = new List<int>(state.Count);
        var met = new HashSet<int>(state.Count);
        for (var i = state.Count - 1; i >= 0; i--)
        {
            var entry = state[i];
            if (entry.Kind == HistoryKind.Opened)
                continue;
            var number = numbers.Of(entry.MovieId);
            if (met.Add(number))
                newestFirst.Add(number);
        }
        var movies = newestFirst.ToArray();
        Array.Reverse(movies);
        return new(state, movies);
    }
}
