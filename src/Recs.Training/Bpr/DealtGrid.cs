using Recs.Training.Factors;
using Recs.Training.Numerics;

namespace Recs.Training.Bpr;

/// <summary>A movie that somebody has seen.</summary>
/// <param name="Person">Dense user id.</param>
/// <param name="Movie">Dense movie id.</param>
internal readonly record struct SeenMovie(int Person, int Movie);

/// <summary>
/// People and movies in blocks, so that steps may run in parallel and still in a fixed order: cells of a diagonal (people block a, movie block (a + d) mod
/// <see cref="Blocks"/>) share neither a person nor a movie. The unseen movie of a step comes from the same block as the seen one; the movies are dealt anew in
/// every round, so that over the rounds it is any movie. The grid is the same for any number of threads (blocks and diagonals as in Gemulla et al., "Large-Scale
/// Matrix Factorization with Distributed Stochastic Gradient Descent", 2011). Where a block has many people, they take turns, one cell after the other: what a cell
/// touches (factors, who has seen what) grows with the square of a data set's side and is to stay in a core's cache.
/// </summary>
internal sealed class DealtGrid
{
    /// <summary>Blocks of people and of movies; threads beyond them find nothing to do.</summary>
    public const int Blocks = 16;

    /// <summary>People of a turn, about: with 64 factors 128 KiB of them, beside which a block of 1,500 movies fits into a megabyte. Part of the arithmetic.</summary>
    private const int PeopleOfTurn = 512;

    private readonly SparseRows _people;
    private readonly int[] _firstPerson;
    private readonly int[] _dealt;
    private readonly int[] _block;
    private readonly int[] _placeInBlock;
    private readonly SeenMovie[] _seen;
    private readonly int[] _firstInCell;

    /// <summary>Cuts the people into turns with about as many movies each.</summary>
    public DealtGrid(SparseRows people, int movies)
    {
        _people = people;
        _seen = new SeenMovie[people.Column.Length];
        Turns = Math.Max(1, (people.Count + (Blocks * PeopleOfTurn) - 1) / (Blocks * PeopleOfTurn));
        _firstInCell = new int[(Blocks * Turns * Blocks) + 1];
        _firstPerson = new int[(Blocks * Turns) + 1];
        for (var turn = 1; turn < Blocks * Turns; turn++)
        {
            var first = Array.BinarySearch(people.First, (int)((long)people.Column.Length * turn / (Blocks * Turns)));
            _firstPerson[turn] = Math.Min(first < 0 ? ~first : first, people.Count);
        }

        _firstPerson[^1] = people.Count;
        _dealt = [.. Enumerable.Range(0, movies)];
        (_block, _placeInBlock) = (new int[movies], new int[movies]);
    }

    /// <summary>Turns of each block of people.</summary>
    public int Turns { get; }

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
        Workers.Run(threads, Blocks * Turns, SortIntoCells);
    }

    /// <summary>A cell of the grid.</summary>
    /// <param name="people">Block of people.</param>
    /// <param name="turn">Which of them.</param>
    /// <param name="movies">Block of movies.</param>
    public DealtCell Cell(int people, int turn, int movies)
    {
        var group = (people * Turns) + turn;
        var cell = (group * Blocks) + movies;
        var (first, end) = (FirstMovie(movies), FirstMovie(movies + 1));
        return new(
            _seen.AsSpan(_firstInCell[cell], _firstInCell[cell + 1] - _firstInCell[cell]), _dealt.AsSpan(first, end - first), _placeInBlock,
            _firstPerson[group], _firstPerson[group + 1] - _firstPerson[group]);
    }

    private int FirstMovie(int block) => (int)((long)_dealt.Length * block / Blocks);

    private void SortIntoCells(int group)
    {
        var (from, to) = (_firstPerson[group], _firstPerson[group + 1]);
        Span<int> next = stackalloc int[Blocks + 1];
        for (var place = _people.First[from]; place < _people.First[to]; place++)
            next[_block[_people.Column[place]] + 1]++;
        next[0] = _people.First[from];
        for (var block = 0; block < Blocks; block++)
        {
            next[block + 1] += next[block];
            _firstInCell[(group * Blocks) + block + 1] = next[block + 1];
        }

        for (var person = from; person < to; person++)
            foreach (var movie in _people.Of(person))
                _seen[next[_block[movie]]++] = new(person, movie);
    }
}

/// <summary>What one thread works on at a time.</summary>
/// <param name="seen">What its people have seen of its movies.</param>
/// <param name="movies">Movies of the block.</param>
/// <param name="placeInBlock">Per movie of the data set its place among those of its block.</param>
/// <param name="firstPerson">First person of the turn.</param>
/// <param name="people">People of the turn.</param>
internal readonly ref struct DealtCell(ReadOnlySpan<SeenMovie> seen, ReadOnlySpan<int> movies, int[] placeInBlock, int firstPerson, int people)
{
    /// <summary>What the people have seen of the movies, by person.</summary>
    public ReadOnlySpan<SeenMovie> Seen { get; } = seen;

    /// <summary>Movies of the block.</summary>
    public ReadOnlySpan<int> Movies { get; } = movies;

    /// <summary>Words of 64 bits that hold one bit for each person and movie.</summary>
    public int Words => (int)((((long)people * Movies.Length) + 63) / 64);

    /// <summary>Sets the bit of each person and movie that they have seen, and clears all others.</summary>
    /// <param name="bits"><see cref="Words"/> words of any content.</param>
    public void Mark(Span<ulong> bits)
    {
        bits.Clear();
        foreach (var (person, movie) in Seen)
        {
            var bit = Bit(person, placeInBlock[movie]);
            bits[(int)(bit >> 6)] |= 1UL << (int)(bit & 63);
        }
    }

    /// <summary>The bit of a person and of a movie by its place in the block.</summary>
    public long Bit(int person, int place) => ((long)(person - firstPerson) * Movies.Length) + place;
}
