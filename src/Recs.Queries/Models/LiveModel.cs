using System.Runtime.CompilerServices;
using System.Text;
using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Queries.Models;

/// <summary>A model version that is open for answers, joined to this process's movie numbers.</summary>
public sealed class LiveModel
{
    private readonly int[] _denseOf;
    private readonly Lazy<PopularityClass[]> _popularity;
    private readonly MovieNumbers _numbers;
    private readonly ConditionalWeakTable<CatalogueState, LiveModel> _over = []; // as long as a catalogue lives, so does what was made for it

    /// <summary>Joins the scorer's movies to the numbers.</summary>
    public LiveModel(ModelTrained manifest, IScorer scorer, MovieNumbers numbers)
    {
        (Manifest, Scorer, _numbers, AsFitted) = (manifest, scorer, numbers, this);
        Numbers = [.. scorer.Movies.Ids.Select(numbers.Of)];
        _denseOf = new int[numbers.Count];
        Array.Fill(_denseOf, -1);
        for (var dense = 0; dense < Numbers.Length; dense++)
            _denseOf[Numbers[dense]] = dense;
        _popularity = new(() => PopularityClasses.Of(scorer));
        QuotedIds = [.. scorer.Movies.Ids.Select(id => Encoding.UTF8.GetBytes($"\"{id}\""))];
    }

    /// <summary>The training that made it.</summary>
    public ModelTrained Manifest { get; }

    /// <summary>Scores.</summary>
    public IScorer Scorer { get; }

    /// <summary>The version over the movies that it was fitted with alone; itself unless <see cref="Over"/> made it.</summary>
    public LiveModel AsFitted { get; private init; }

    /// <summary>Whether it scores movies by what the catalogue says of them, so that a slate depends on the catalogue.</summary>
    public bool ReadsCatalogue => Scorer is ICatalogueScorer;

    /// <summary>The version over the movies of a catalogue, too, where it can score a movie that nobody has rated; itself where it cannot, or where none is new.</summary>
    /// <param name="catalogue">The catalogue as of the position that a slate records.</param>
    public LiveModel Over(CatalogueState catalogue)
        => !ReadsCatalogue ? this : !ReferenceEquals(AsFitted, this) ? AsFitted.Over(catalogue) : _over.GetValue(catalogue, Widen);

    private LiveModel Widen(CatalogueState catalogue)
    {
        var scorer = ((ICatalogueScorer)Scorer).Over(catalogue.Movies.Select(m => new CatalogueMovie(m.Id, new MovieTitle(m.Title, m.Year), m.Genres)));
        return ReferenceEquals(scorer, Scorer) ? this : new(Manifest, scorer, _numbers) { AsFitted = this };
    }

    /// <summary>Movie number of each dense id.</summary>
    public int[] Numbers { get; }

    /// <summary>How popular each dense id's movie was when the model was fitted.</summary>
    internal PopularityClass[] Popularity => _popularity.Value;

    /// <summary>Each dense id's movie id as a JSON string; ids hold no character that JSON escapes.</summary>
    internal byte[][] QuotedIds { get; }

    /// <summary>Dense id of a movie number, or -1 if the model does not know the movie.</summary>
    public int DenseOf(int number) => (uint)number < (uint)_denseOf.Length ? _denseOf[number] : -1;
}
