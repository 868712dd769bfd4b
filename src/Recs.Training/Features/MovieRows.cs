using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Features;

/// <summary>Some movies as a <see cref="MovieTable"/> takes them in: each its own row, if it has one, and the rows of its features.</summary>
internal sealed class MovieRows
{
    private const string OwnSection = "own-row", FirstSection = "feature-first", FeatureSection = "feature", WeightSection = "feature-weight";
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

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <param name="files">Artifact.</param>
    /// <param name="movies">Number of movies.</param>
    /// <param name="own">Rows of their own that there are.</param>
    /// <param name="features">Rows of features that there are.</param>
    /// <exception cref="DamagedArtifactException">The rows are none of such a table.</exception>
    public static MovieRows Read(ArtifactFiles files, int movies, int own, int features)
    {
        ReadOnlySpan<int> owns = files.Section<int>(OwnSection), first = files.Section<int>(FirstSection), which = files.Section<int>(FeatureSection);
        var weights = files.Section<float>(WeightSection);
        if (owns.Length != movies || first.Length != movies + 1 || which.Length != weights.Length || first[0] != 0 || first[^1] != which.Length
            || owns.ContainsAnyExceptInRange(-1, own - 1) || which.ContainsAnyExceptInRange(0, features - 1))
            throw new DamagedArtifactException(files.Path, "the rows of its movies are none of its network");
        var rows = new MovieRows(movies);
        for (var movie = 0; movie < movies; movie++)
            rows.Add(owns[movie], which[first[movie]..first[movie + 1]], weights[first[movie]..first[movie + 1]]);
        return rows;
    }

    /// <summary>Freezes the rows in an artifact.</summary>
    public void AddTo(Artifact artifact)
    {
        var entries = Features.Start[^1];
        artifact
            .Add(OwnSection, (ReadOnlySpan<int>)[.. Enumerable.Range(0, Count).Select(OwnOf)])
            .Add(FirstSection, (ReadOnlySpan<int>)Features.Start)
            .Add(FeatureSection, (ReadOnlySpan<int>)Features.Which.AsSpan(0, entries))
            .Add(WeightSection, (ReadOnlySpan<float>)Features.Weights.AsSpan(0, entries));
    }

    /// <summary>These movies and those of a catalogue that are new to them and of which it says something that the features know.</summary>
    /// <param name="known">Ids of these movies.</param>
    /// <param name="catalogue">What a catalogue says, in any order.</param>
    /// <param name="features">Rows of features.</param>
    /// <returns>Ids and rows of all of them; null if none is new.</returns>
    public (IdMap Movies, MovieRows Rows)? Over(IdMap known, IEnumerable<CatalogueMovie> catalogue, MovieFeatures features)
    {
        var added = catalogue.Where(movie => known.Find(movie.MovieId) < 0 && features.Describe(movie)).ToDictionary(movie => movie.MovieId, StringComparer.Ordinal);
        if (added.Count == 0)
            return null;
        var all = IdMap.Of(known.Ids.Concat(added.Keys));
        var rows = new MovieRows(all.Count);
        foreach (var id in all.Ids)
            if (added.TryGetValue(id, out var movie))
                rows.Add(movie, features, own: -1);
            else
                rows.Add(this, known.Find(id));
        return (all, rows);
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
