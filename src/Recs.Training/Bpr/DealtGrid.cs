using Recs.Training.Factors;
using Recs.Training.Numerics;

namespace Recs.Training.Bpr;

/// <summary>
/// People and movies in blocks, so that steps may run in parallel and still in a fixed order: cells of a diagonal (people block a, movie block (a + d) mod
/// <see cref="Blocks"/>) share neither a person nor a movie. The unseen movie of a step comes from the same block as the seen one; the movies are dealt anew in
/// every round, so that over the rounds it is any movie. The grid is the same for any number of threads (blocks and diagonals as in Gemulla et al., "Large-Scale
/// Matrix Factorization with Distributed Stochastic Gradient Descent", 2011).
/// </summary>
internal sealed class DealtGrid
{
    /// <summary>Blocks of people and of movies; threads beyond them find nothing to do.</summary>
    public const int Blocks = 16;

    private readonly SparseRows _people;
    private readonly int[] _personAt;
    private readonly int[] _firstPerson;
    private readonly int[] _dealt;
    private readonly int[] _block;
    private readonly int[] _placeInBlock;
    private readonly int[] _order;
    private readonly int[] _firstInCell = new int[(Blocks * Blocks) + 1];

    /// <summary>Cuts the people into blocks with about as many movies each.</summary>
    public DealtGrid(SparseRows people, int movies)
    {
        _people = people;
        _order = new int[people.Column.Length];
        _personAt = new int[people.Column.Length];
        for (var person = 0; person < people.Count; person++)
            _personAt.AsSpan(people.First[person], people.First[person + 1] - people.First[person]).Fill(person);
        _firstPerson = new int[Blocks + 1];
        for (var block = 1; block < Blocks; block++)
        {
            var first = Array.BinarySearch(people.First, (int)((long)people.Column.Length * block / Blocks));
            _firstPerson[block] = Math.Min(first < 0 ? ~first : first, people.Count);
        }

        _firstPerson[Blocks] = people.Count;
        _dealt = [.. Enumerable.Range(0, movies)];
        (_block, _placeInBlock) = (new int[movies], new int[movies]);
    }

    /// <summary>Deals the movies for a round and sorts what was seen into cells.</summary>
    /// <param name="threads">Threads at most.</param>
    /// <param name="random">Draws of this round.</param>
    public void Deal(int threads, CounterRandom random)
    {
        for (var i = 0; i < _dealt.Length; i++)
            _dealt[i] = i; // from the same start each round: a round depends on no other, and can be resumed
        for (var i = _dealt.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1, (ulong)i);
            (_dealt[i], _dealt[j]) = (_dealt[j], _dealt[i]);
        }

        for (var block = 0; block < Blocks; block++)
            for (var i = FirstMovie(block); i < FirstMovie(block + 1); i++)
                (_block[_dealt[i]], _placeInBlock[_dealt[i]]) = (block, i - FirstMovie(block));
        Workers.Run(threads, Blocks, SortIntoCells);
    }

    /// <summary>A cell of the grid.</summary>
    /// <param name="people">Block of people.</param>
    /// <param name="movies">Block of movies.</param>
    public DealtCell Cell(int people, int movies)
    {
        var cell = (people * Blocks) + movies;
        return new(this, _order.AsSpan(_firstInCell[cell], _firstInCell[cell + 1] - _firstInCell[cell]), _dealt.AsSpan(FirstMovie(movies), FirstMovie(movies + 1) - FirstMovie(movies)), _firstPerson[people], _firstPerson[people + 1] - _firstPerson[people]);
    }

    /// <summary>The person who saw something.</summary>
    public int PersonAt(int place) => _personAt[place];

    /// <summary>The movie that was seen.</summary>
    public int MovieAt(int place) => _people.Column[place];

    /// <summary>A movie's place among those of its block.</summary>
    public int PlaceInBlock(int movie) => _placeInBlock[movie];

    private int FirstMovie(int block) => (int)((long)_dealt.Length * block / Blocks);

    private void SortIntoCells(int people)
    {
        var (from, to) = (_people.First[_firstPerson[people]], _people.First[_firstPerson[people + 1]]);
        Span<int> next = stackalloc int[Blocks + 1];
        for (var place = from; place < to; place++)
            next[_block[_people.Column[place]] + 1]++;
        next[0] = from;
        for (var block = 0; block < Blocks; block++)
        {
            next[block + 1] += next[block];
            _firstInCell[(people * Blocks) + block + 1] = next[block + 1];
        }

        for (var place = from; place < to; place++)
            _order[next[_block[_people.Column[place]]]++] = place;
    }
}

/// <summary>What one thread works on at a time.</summary>
/// <param name="grid">Grid of the cell.</param>
/// <param name="places">Places of what was seen.</param>
/// <param name="movies">Movies of the block.</param>
/// <param name="firstPerson">First person of the block.</param>
/// <param name="people">People in the block.</param>
internal readonly ref struct DealtCell(DealtGrid grid, ReadOnlySpan<int> places, ReadOnlySpan<int> movies, int firstPerson, int people)
{
    /// <summary>Places of what was seen.</summary>
    public ReadOnlySpan<int> Places { get; } = places;

    /// <summary>Movies of the block.</summary>
    public ReadOnlySpan<int> Movies { get; } = movies;

    /// <summary>One bit for each person of the block and movie of the block: whether that person has seen it.</summary>
    public ulong[] SeenBits()
    {
        var bits = new ulong[(((long)people * Movies.Length) + 63) / 64];
        foreach (var place in Places)
        {
            var bit = Bit(grid.PersonAt(place), grid.PlaceInBlock(grid.MovieAt(place)));
            bits[bit >> 6] |= 1UL << (int)(bit & 63);
        }

        return bits;
    }

    /// <summary>The bit of a person and of a movie by its place in the block.</summary>
    public long Bit(int person, int place) => ((long)(person - firstPerson) * Movies.Length) + place;
}
