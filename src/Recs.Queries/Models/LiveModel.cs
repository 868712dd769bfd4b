using System.Text;
using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Training.Popularity;
using Recs.Training.Scoring;

namespace Recs.Queries.Models;

/// <summary>A model version that is open for answers, joined to this process's movie numbers.</summary>
public sealed class LiveModel
{
    private readonly int[] _denseOf;
    private readonly Lazy<PopularityClass[]> _popularity;

    /// <summary>Joins the scorer's movies to the numbers.</summary>
    public LiveModel(ModelTrained manifest, IScorer scorer, MovieNumbers numbers)
    {
        (Manifest, Scorer) = (manifest, scorer);
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

    /// <summary>Movie number of each dense id.</summary>
    public int[] Numbers { get; }

    /// <summary>How popular each dense id's movie was when the model was fitted.</summary>
    internal PopularityClass[] Popularity => _popularity.Value;

    /// <summary>Each dense id's movie id as a JSON string; ids hold no character that JSON escapes.</summary>
    internal byte[][] QuotedIds { get; }

    /// <summary>Dense id of a movie number, or -1 if the model does not know the movie.</summary>
    public int DenseOf(int number) => (uint)number < (uint)_denseOf.Length ? _denseOf[number] : -1;
}
