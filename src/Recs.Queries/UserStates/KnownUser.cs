using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Training.Snapshots;

namespace Recs.Queries.UserStates;

/// <summary>A person's folded history, and what a scorer needs of it. Never changes; a new fact makes the next one.</summary>
public sealed class KnownUser
{
    private readonly int[] _newest;

    private KnownUser(UserHistoryState state, int[] movies, byte[] halfStars, int[] newest)
    {
        (State, Movies, HalfStars, _newest) = (state, movies, halfStars, newest);
        Demographics = new(state.Person.Gender, state.Person.Age, state.Person.Occupation);
    }

    /// <summary>The fold of the person's stream.</summary>
    public UserHistoryState State { get; }

    /// <summary>Numbers of the distinct movies rated or watched, ordered by the log position of the last fact of each, oldest first, however entries are cut. Opening a movie is no taste.</summary>
    public int[] Movies { get; }

    /// <summary>Per movie of <see cref="Movies"/> the last rating in half stars, 1 to 10; 0 if it was only watched.</summary>
    public byte[] HalfStars { get; }

    /// <summary>What is known about the person besides.</summary>
    public Demographics Demographics { get; }

    /// <summary>The last rating or watch of a movie of <see cref="Movies"/>.</summary>
    /// <param name="place">Place in <see cref="Movies"/>.</param>
    public HistoryEntry NewestOf(int place) => State[_newest[place]];

    /// <summary>Bytes in memory.</summary>
    public long EstimatedBytes => State.EstimatedBytes + (Movies.Length + _newest.Length) * sizeof(int) + HalfStars.Length + 250;

    /// <summary>Derives the movies from the state.</summary>
    public static KnownUser Of(UserHistoryState state, MovieNumbers numbers) => Of(state, numbers, long.MaxValue);

    /// <summary>Derives the movies from what happened before a time, whenever it was recorded. A viewing happened when it began.</summary>
    public static KnownUser HappenedBefore(UserHistoryState state, MovieNumbers numbers, DateTimeOffset time) => Of(state, numbers, time.ToUnixTimeMilliseconds());

    private static KnownUser Of(UserHistoryState state, MovieNumbers numbers, long before)
    {
        var (movies, halfStars, newest) = (new int[state.Count], new byte[state.Count], new int[state.Count]);
        var met = new Dictionary<int, int>(state.Count); // place of each movie number
        for (var i = state.Count - 1; i >= 0; i--)
        {
            var entry = state[i];
            if (entry.Kind == HistoryKind.Opened || entry.At >= before)
                continue;
            var number = numbers.Of(entry.MovieId);
            if (met.TryAdd(number, state.Count - 1 - met.Count))
                (movies[met[number]], newest[met[number]]) = (number, i);
            if (entry.Kind == HistoryKind.Rated && halfStars[met[number]] == 0)
                halfStars[met[number]] = (byte)(entry.Value * 2); // the newest rating stands, also if the movie was watched again since
        }
        return new(state, movies[^met.Count..], halfStars[^met.Count..], newest[^met.Count..]);
    }
}
