using System.Runtime.InteropServices;

namespace Recs.Commands.Importing;

/// <summary>Ratings by column, in the order of the file: 13 bytes a row.</summary>
public sealed class RatingColumns
{
    private readonly List<int> users = [];
    private readonly List<int> movies = [];
    private readonly List<byte> halfStars = [];
    private readonly List<uint> seconds = [];

    /// <summary>Rows.</summary>
    public int Count => users.Count;
    /// <summary>Index of the user by row.</summary>
    public ReadOnlySpan<int> Users => CollectionsMarshal.AsSpan(users);
    /// <summary>Index of the movie by row.</summary>
    public ReadOnlySpan<int> Movies => CollectionsMarshal.AsSpan(movies);
    /// <summary>Rating by row, 1 to 10 half stars.</summary>
    public ReadOnlySpan<byte> HalfStars => CollectionsMarshal.AsSpan(halfStars);
    /// <summary>Time by row, seconds since 1970.</summary>
    public ReadOnlySpan<uint> Seconds => CollectionsMarshal.AsSpan(seconds);

    /// <summary>Adds a row.</summary>
    public void Add(int user, int movie, byte halfStar, uint second)
    {
        users.Add(user);
        movies.Add(movie);
        halfStars.Add(halfStar);
        seconds.Add(second);
    }
}
