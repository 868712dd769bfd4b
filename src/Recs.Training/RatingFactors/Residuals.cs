using System.Buffers;
using Recs.Training.Scoring;

namespace Recs.Training.RatingFactors;

/// <summary>
/// A person's ratings beside the mean and the movies' biases, and room to fold them in: the memory of one call, rented and given back, so that scoring allocates nothing.
/// </summary>
internal unsafe ref struct Residuals
{
    private readonly float[] _numbers;
    private readonly int[] _whole;

    /// <summary>Collects the ratings.</summary>
    /// <param name="user">The person.</param>
    /// <param name="movies">The movies' side.</param>
    /// <param name="mean">Mean of all ratings.</param>
    /// <param name="room">Further numbers that the call needs.</param>
    public Residuals(in UserState user, MovieSide movies, float mean, int room)
    {
        var length = user.Movies.Length;
        _numbers = ArrayPool<float>.Shared.Rent(length + room);
        _whole = ArrayPool<int>.Shared.Rent(2 * length);
        Of = _numbers.AsSpan(0, length);
        Room = _numbers.AsSpan(length, room);
        Movies = _whole.AsSpan(0, length);
        Places = _whole.AsSpan(length, length);
        for (var place = 0; place < length; place++)
        {
            if (user.HalfStarsAt(place) == 0)
                continue;
            (Movies[Count], Places[Count]) = (user.Movies[place], place);
            Of[Count] = (user.HalfStarsAt(place) / 2f) - mean - movies.Bias[user.Movies[place]];
            Count++;
        }
    }

    /// <summary>How many movies of the history were rated.</summary>
    public int Count { get; }
    /// <summary>Dense id of each rated movie, oldest first.</summary>
    public Span<int> Movies { get; }
    /// <summary>Its place in the history.</summary>
    public Span<int> Places { get; }
    /// <summary>Its rating less the mean and the movie's bias, in stars.</summary>
    public Span<float> Of { get; }
    /// <summary>Numbers for the caller, of any content.</summary>
    public Span<float> Room { get; }

    /// <summary>Gives the memory back.</summary>
    public readonly void Dispose()
    {
        ArrayPool<float>.Shared.Return(_numbers);
        ArrayPool<int>.Shared.Return(_whole);
    }
}
