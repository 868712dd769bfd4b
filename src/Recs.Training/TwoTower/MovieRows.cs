using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.TwoTower;

/// <summary>Some movies as a <see cref="MovieTower"/> takes them in: each its own row, if it has one, and the rows of its features.</summary>
internal sealed class MovieRows
{
    private readonly BagEntries _own = new();
    private readonly BagEntries _features = new();

    /// <summary>Makes room.</summary>
    /// <param name="movies">Movies to come.</param>
    public MovieRows(int movies)
    {
        Count = movies;
        _own.Begin(movies);
        _features.Begin(movies);
    }

    /// <summary>Number of movies.</summary>
    public int Count { get; }

    /// <summary>Own rows.</summary>
    public BagRows Own => _own.Rows;

    /// <summary>Rows of features.</summary>
    public BagRows Features => _features.Rows;

    /// <summary>Adds a movie that the catalogue describes.</summary>
    /// <param name="movie">What the catalogue says.</param>
    /// <param name="features">Rows of its features.</param>
    /// <param name="own">Its own row; -1 for a movie that nobody had seen when the model was fitted.</param>
    public void Add(CatalogueMovie movie, MovieFeatures features, int own)
    {
        AddOwn(own);
        features.AddRow(movie, _features);
    }

    /// <summary>Adds a movie by its rows.</summary>
    /// <param name="own">Its own row; -1 for none.</param>
    /// <param name="which">Rows of its features.</param>
    /// <param name="weights">Their weights.</param>
    public void Add(int own, ReadOnlySpan<int> which, ReadOnlySpan<float> weights)
    {
        AddOwn(own);
        for (var entry = 0; entry < which.Length; entry++)
            _features.Add(which[entry], weights[entry]);
        _features.EndRow();
    }

    /// <summary>Adds a movie of another list.</summary>
    /// <param name="other">The list.</param>
    /// <param name="place">Place of the movie in it.</param>
    public void Add(MovieRows other, int place)
    {
        var (first, count) = (other.Features.Start[place], other.Features.Start[place + 1] - other.Features.Start[place]);
        Add(other.OwnOf(place), other.Features.Which.AsSpan(first, count), other.Features.Weights.AsSpan(first, count));
    }

    /// <summary>A movie's own row; -1 for none.</summary>
    public int OwnOf(int place) => Own.Start[place] == Own.Start[place + 1] ? -1 : Own.Which[Own.Start[place]];

    /// <summary>Leaves the own rows of some movies aside, so that their features learn to stand for them.</summary>
    /// <param name="rule">What is left aside.</param>
    /// <param name="firstBlock">Number of the first block of sixteen movies.</param>
    public void DropOwn(DropoutRule rule, ulong firstBlock)
    {
        var weights = _own.Weights;
        for (var from = 0; from < weights.Length; from += Lanes.Count)
        {
            var bits = rule.Bits(firstBlock + (ulong)(from / Lanes.Count));
            for (var i = from; i < Math.Min(from + Lanes.Count, weights.Length); i++)
                weights[i] = bits >> (i - from) & 1;
        }
    }

    private void AddOwn(int row)
    {
        if (row >= 0)
            _own.Add(row, 1);
        _own.EndRow();
    }
}
