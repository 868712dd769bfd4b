using Recs.Training.Snapshots;

namespace Recs.Training.Scoring;

/// <summary>
/// All that a scorer may know of a person: never an id, so that an artifact holds no row of anybody and a person is served from what they did, whether or not
/// they were there when the model was fitted. Views memory of the caller; lives for one call.
/// </summary>
public readonly ref struct UserState
{
    private readonly ReadOnlySpan<byte> _halfStars;

    /// <summary>Views a history.</summary>
    /// <param name="movies">Distinct dense movie ids, oldest first, each standing where it was last rated or watched; empty for a person of whom nothing is known.</param>
    /// <param name="halfStars">Per movie the last rating in half stars, 1 to 10, or 0 if it was only watched; empty if no movie was rated.</param>
    /// <param name="demographics">What else is known.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public UserState(ReadOnlySpan<int> movies, ReadOnlySpan<byte> halfStars = default, Demographics demographics = default)
    {
        if (!halfStars.IsEmpty && halfStars.Length != movies.Length)
            throw new ArgumentException($"{halfStars.Length} ratings for {movies.Length} movies.", nameof(halfStars));
        Movies = movies;
        _halfStars = halfStars;
        Demographics = demographics;
    }

    /// <summary>Distinct dense movie ids, oldest first.</summary>
    public ReadOnlySpan<int> Movies { get; }

    /// <summary>What else is known.</summary>
    public Demographics Demographics { get; }

    /// <summary>The rating of a movie of the history, in half stars from 1 to 10; 0 if it was only watched.</summary>
    /// <param name="place">Place in <see cref="Movies"/>.</param>
    public byte HalfStarsAt(int place) => _halfStars.IsEmpty ? (byte)0 : _halfStars[place];
}
