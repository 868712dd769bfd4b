using Recs.Contracts;
using Recs.Contracts.Movies;

namespace Recs.Queries.Catalogue;

/// <summary>
/// The catalogue as of a log position, and of every position before it; immutable. Movies are found by their process-wide number. Each keeps what it was before,
/// so that a slate of the past is found from the catalogue of its own time without a read of the log.
/// </summary>
public sealed class CatalogueState
{
    private readonly Entry?[] _byNumber;
    private readonly Lazy<string[]> _genres;
    private readonly Lazy<ulong[]> _genreBits;

    private CatalogueState(Entry?[] byNumber, int count, long sequence)
    {
        (_byNumber, Count, Sequence) = (byNumber, count, sequence);
        _genres = new(() => [.. _byNumber.SelectMany(e => e?.Movie.Genres ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        _genreBits = new(SetGenreBits);
    }

    /// <summary>What a movie was from a log position on.</summary>
    private sealed record Entry(long Sequence, Movie Movie, Entry? Earlier)
    {
        public static Entry? AsOf(Entry? entry, long sequence)
        {
            while (entry is not null && entry.Sequence > sequence)
                entry = entry.Earlier;
            return entry;
        }
    }

    /// <summary>No movie.</summary>
    public static readonly CatalogueState Empty = new([], 0, 0);

    /// <summary>Log position of the last catalogue event that it holds.</summary>
    public long Sequence { get; }

    /// <summary>Movies in it.</summary>
    public int Count { get; }

    /// <summary>The movies, in no order that means anything.</summary>
    public IEnumerable<Movie> Movies => _byNumber.OfType<Entry>().Select(e => e.Movie);

    /// <summary>Every genre that a movie has, in ordinal order.</summary>
    public IReadOnlyList<string> Genres => _genres.Value;

    /// <summary>Place of a genre of one of its movies in <see cref="Genres"/>.</summary>
    public int NumberOf(string genre) => Array.BinarySearch(_genres.Value, genre, StringComparer.Ordinal);

    /// <summary>Words of 64 bits in a set of genres.</summary>
    public int GenreWords => (Genres.Count + 63) / 64;

    /// <summary>A movie's genres as bits: bit g % 64 of word g / 64 belongs to the genre at place g of <see cref="Genres"/>; none for a number without a movie.</summary>
    public ReadOnlySpan<ulong> GenreBitsOf(int number)
        => _genreBits.Value.AsSpan(((uint)number < (uint)_byNumber.Length ? number : _byNumber.Length) * GenreWords, GenreWords);

    /// <summary>The genre as the catalogue spells it, found without regard to case; null if no movie has it.</summary>
    public string? GenreNamed(string name) => Genres.FirstOrDefault(g => string.Equals(g, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The movie with the number, or null.</summary>
    public Movie? Find(int number) => (uint)number < (uint)_byNumber.Length ? _byNumber[number]?.Movie : null;

    /// <summary>Folds catalogue events, in log order, into the next state.</summary>
    public CatalogueState With(IReadOnlyList<(long Sequence, Movie Movie)> events, MovieNumbers numbers)
    {
        if (events.Count == 0)
            return this;
        var movies = events.Select(e => (Number: numbers.Of(e.Movie.Id), e.Sequence, e.Movie)).ToList();
        var byNumber = new Entry?[Math.Max(_byNumber.Length, numbers.Count)];
        _byNumber.CopyTo(byNumber, 0);
        var count = Count;
        foreach (var (number, sequence, movie) in movies)
        {
            if (byNumber[number] is null)
                count++;
            byNumber[number] = new(sequence, movie, byNumber[number]);
        }
        return new(byNumber, count, events[^1].Sequence);
    }

    /// <summary>The catalogue as it was at an earlier log position; itself at a later one.</summary>
    public CatalogueState AsOf(long sequence)
    {
        if (sequence >= Sequence)
            return this;
        var then = new Entry?[_byNumber.Length];
        var (count, last) = (0, 0L);
        for (var number = 0; number < then.Length; number++)
            if ((then[number] = Entry.AsOf(_byNumber[number], sequence)) is { } entry)
                (count, last) = (count + 1, Math.Max(last, entry.Sequence));
        return new(then, count, last);
    }

    /// <summary>One set per number, and an empty one behind them.</summary>
    private ulong[] SetGenreBits()
    {
        var words = GenreWords;
        var bits = new ulong[(_byNumber.Length + 1) * words];
        for (var number = 0; number < _byNumber.Length; number++)
            foreach (var genre in _byNumber[number]?.Movie.Genres ?? [])
            {
                var place = NumberOf(genre);
                bits[(number * words) + (place >> 6)] |= 1UL << (place & 63);
            }
        return bits;
    }

    /// <summary>Aliases that it folds.</summary>
    public static readonly IReadOnlyList<string> Types = [EventAliases.MovieAdded, EventAliases.MovieChanged];

    /// <summary>The movie that a catalogue event leaves.</summary>
    /// <exception cref="FormatException">The event lacks what a movie must have.</exception>
    public static Movie Read(object body) => body switch
    {
        MovieAdded m => Of(m.MovieId, m.Title, m.Year, m.Genres, m.Adult),
        MovieChanged m => Of(m.MovieId, m.Title, m.Year, m.Genres, m.Adult),
        _ => throw new ArgumentException($"{body.GetType().Name} is no event of the catalogue.", nameof(body)),
    };

    // The log may hold what a foreign writer left out.
    private static Movie Of(string? id, string? title, int? year, IReadOnlyList<string>? genres, bool adult)
        => new(id ?? throw Lacks("MovieId"), title ?? throw Lacks("Title"), year, genres ?? throw Lacks("Genres"), adult);

    private static FormatException Lacks(string property) => new($"the event has no {property}");
}
