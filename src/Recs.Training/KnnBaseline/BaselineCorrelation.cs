using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Recs.Training.Snapshots;

namespace Recs.Training.KnnBaseline;

/// <summary>
/// How alike two movies are rated: over the n people who rated both, the correlation of what their ratings are above the baseline,
/// sum x y / sqrt(sum x^2 sum y^2), shrunk by (n - 1) / (n - 1 + shrinkage). Koren, "Factor in the Neighbors", 2010, section 2.2. Only positive ones count. The
/// sums of one movie with all others fit the second-level cache; the work over all movies is the sum of the squared lengths of the histories.
/// </summary>
internal sealed class BaselineCorrelation
{
    private readonly int[] _first; // per person, in _movie and _above
    private readonly int[] _movie;
    private readonly float[] _above;
    private readonly int[] _firstPerson; // per movie, in _person and _own
    private readonly int[] _person;
    private readonly float[] _own;
    private readonly float _shrinkage;

    /// <summary>Takes the ratings apart.</summary>
    /// <param name="histories">Every person's history with ratings.</param>
    /// <param name="people">The order in which the people are gone through; the sums are taken in it.</param>
    /// <param name="baselines">What is expected of each rating.</param>
    /// <param name="shrinkage">See above.</param>
    public BaselineCorrelation(Histories histories, ReadOnlySpan<int> people, Baselines baselines, double shrinkage)
    {
        _shrinkage = (float)shrinkage;
        var ratings = histories.HalfStars.Length - histories.HalfStars.Count((byte)0);
        (_first, _movie, _above) = (new int[people.Length + 1], new int[ratings], new float[ratings]);
        (_firstPerson, _person, _own) = (new int[baselines.OfMovie.Length + 1], new int[ratings], new float[ratings]);
        for (var person = 0; person < people.Length; person++)
            _first[person + 1] = _first[person] + Add(histories.Of(people[person]), histories.HalfStarsOf(people[person]), baselines, _first[person]);
        for (var movie = 0; movie < baselines.OfMovie.Length; movie++)
            _firstPerson[movie + 1] += _firstPerson[movie];
        var next = _firstPerson.AsSpan(0, baselines.OfMovie.Length).ToArray();
        for (var person = 0; person < people.Length; person++)
            for (var i = _first[person]; i < _first[person + 1]; i++)
                (_person[next[_movie[i]]], _own[next[_movie[i]]++]) = (person, _above[i]);
    }

    /// <summary>See <see cref="ItemKnn.NeighbourLists.Find"/>.</summary>
    public Action<int, float[]> Worker()
    {
        var sums = new Vector128<float>[_firstPerson.Length - 1];
        return (movie, near) =>
        {
            Array.Clear(sums);
            for (var i = _firstPerson[movie]; i < _firstPerson[movie + 1]; i++)
                Add(sums, _person[i], _own[i]);
            sums[movie] = default; // a movie is not its own neighbour
            for (var other = 0; other < sums.Length; other++)
                near[other] = Shrunk(sums[other]);
        };
    }

    /// <summary>
    /// Adds to each movie of a person (x y, x^2, y^2, 1). Four lanes wide on every machine, a fused multiply-add each, so the bits are the same everywhere; the count is exact up to 2^24.
    /// </summary>
    private void Add(Vector128<float>[] sums, int person, float x)
    {
        var (left, ones) = (Vector128.Create(x, x * x, 1, 1), Vector128<float>.One);
        var (isY, isSquare) = (Vector128.Create(-1, 0, -1, 0).AsSingle(), Vector128.Create(0, 0, -1, 0).AsSingle());
        ref var sum = ref MemoryMarshal.GetArrayDataReference(sums);
        for (var i = _first[person]; i < _first[person + 1]; i++)
        {
            var y = Vector128.Create(_above[i]);
            var right = Vector128.ConditionalSelect(isY, y, ones) * Vector128.ConditionalSelect(isSquare, y, ones);
            ref var target = ref System.Runtime.CompilerServices.Unsafe.Add(ref sum, _movie[i]);
            target = Vector128.FusedMultiplyAdd(left, right, target);
        }
    }

    private float Shrunk(Vector128<float> sums)
    {
        var (products, squares, count) = (sums[0], (double)sums[1] * sums[2], sums[3]);
        return products > 0 && squares > 0 && count > 1
            ? (float)(products / Math.Sqrt(squares) * ((count - 1) / (count - 1 + _shrinkage)))
            : float.NegativeInfinity;
    }

    private int Add(ReadOnlySpan<int> movies, ReadOnlySpan<byte> halfStars, Baselines baselines, int to)
    {
        var (from, ofPerson) = (to, baselines.OfPerson(movies, halfStars));
        for (var i = 0; i < movies.Length; i++)
        {
            if (halfStars[i] == 0)
                continue;
            (_movie[to], _above[to++]) = (movies[i], (halfStars[i] * 0.5f) - baselines.Mean - ofPerson - baselines.OfMovie[movies[i]]);
            _firstPerson[movies[i] + 1]++;
        }

        return to - from;
    }
}
