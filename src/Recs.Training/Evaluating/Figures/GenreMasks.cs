using System.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Figures;

/// <summary>Genres of movies as bits, so that two movies are compared in a few instructions.</summary>
internal sealed class GenreMasks
{
    private readonly ulong[] _bits;

    public GenreMasks(MovieGenres genres)
    {
        Words = (genres.Names.Count + 63) / 64;
        _bits = new ulong[genres.Movies * Words];
        for (var movie = 0; movie < genres.Movies; movie++)
            foreach (var genre in genres.Of(movie))
                _bits[(movie * Words) + (genre / 64)] |= 1UL << genre % 64;
    }

    /// <summary>Words of 64 bits in a set of genres.</summary>
    public int Words { get; }

    /// <summary>A movie's genres.</summary>
    public ReadOnlySpan<ulong> Of(int movie) => _bits.AsSpan(movie * Words, Words);

    /// <summary>Jaccard index of two movies' genres; 1 if neither has any, as at serving.</summary>
    public double Similarity(int a, int b)
    {
        int both = 0, either = 0;
        for (var word = 0; word < Words; word++)
        {
            var (x, y) = (_bits[(a * Words) + word], _bits[(b * Words) + word]);
            both += BitOperations.PopCount(x & y);
            either += BitOperations.PopCount(x | y);
        }

        return either == 0 ? 1 : (double)both / either;
    }
}
