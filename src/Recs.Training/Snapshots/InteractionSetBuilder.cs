namespace Recs.Training.Snapshots;

/// <summary>Collects interactions in log order and makes an <see cref="InteractionSet"/> of them. Not thread-safe.</summary>
public sealed class InteractionSetBuilder(int capacity = 0)
{
    private readonly Interner _users = new();
    private readonly Interner _movies = new();
    private readonly List<int> _user = new(capacity);
    private readonly List<int> _movie = new(capacity);
    private readonly List<byte> _halfStars = new(capacity);
    private readonly List<long> _at = new(capacity);

    /// <summary>Interactions so far.</summary>
    public int Count => _user.Count;

    /// <summary>Adds the next interaction.</summary>
    /// <param name="userId">Text id.</param>
    /// <param name="movieId">Text id.</param>
    /// <param name="halfStars">Rating in half stars, 1 to 10; 0 for a watch.</param>
    /// <param name="at">Milliseconds since 1970-01-01 UTC.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than 10 half stars.</exception>
    public void Add(ReadOnlySpan<char> userId, ReadOnlySpan<char> movieId, byte halfStars, long at)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(halfStars, (byte)10);
        _user.Add(_users.NumberOf(userId));
        _movie.Add(_movies.NumberOf(movieId));
        _halfStars.Add(halfStars);
        _at.Add(at);
    }

    /// <summary>A rating of 0.5 to 5 stars as half stars.</summary>
    /// <exception cref="InvalidDataException">Not a number of half stars from 0.5 to 5.</exception>
    public static byte ToHalfStars(double stars) => stars is >= 0.5 and <= 5 && stars * 2 == (int)(stars * 2)
        ? (byte)(stars * 2)
        : throw new InvalidDataException($"Rating {stars} is not a number of half stars from 0.5 to 5.");

    /// <summary>The data set. The builder may go on afterwards.</summary>
    public InteractionSet Build()
    {
        var (users, denseUser) = _users.Sort();
        var (movies, denseMovie) = _movies.Sort();
        return new(users, movies, Translate(_user, denseUser), Translate(_movie, denseMovie), [.. _halfStars], [.. _at]);
    }

    private static int[] Translate(List<int> numbers, int[] dense)
    {
        var translated = new int[numbers.Count];
        for (var i = 0; i < translated.Length; i++)
            translated[i] = dense[numbers[i]];
        return translated;
    }

    /// <summary>Numbers ids by first appearance, without an allocation for an id that is known already.</summary>
    private sealed class Interner
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        public int NumberOf(ReadOnlySpan<char> id)
        {
            var lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
            if (lookup.TryGetValue(id, out var number))
                return number;
            number = _numbers.Count;
            _numbers.Add(id.ToString(), number);
            return number;
        }

        public (IdMap Map, int[] Dense) Sort()
        {
            var map = IdMap.Of(_numbers.Keys);
            var dense = new int[_numbers.Count];
            foreach (var (id, number) in _numbers)
                dense[number] = map.Find(id);
            return (map, dense);
        }
    }
}
