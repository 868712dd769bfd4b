using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.People;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.SasRec;

/// <summary>
/// Reads a history with the network and scores every movie as its next one. A new rating counts at once: it is a further movie of the sequence. A movie that came after the
/// training is described by its features, so that it can be scored and be part of a history.
/// </summary>
internal sealed class SasRecScorer : TowerScorer, ICatalogueScorer
{
    private readonly SasRecModel _model;
    private readonly MovieRows _rows;
    private readonly ColdStart _strangers;
    private readonly int[] _place;

    private SasRecScorer(SasRecModel model, IdMap movies, MovieRows rows, ColdStart strangers, int[] place)
        : base(new MomentReaders(new(model.Shape), model.Parameters, rows), movies, strangers, place)
        => (_model, _rows, _strangers, _place) = (model, rows, strangers, place);

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static SasRecScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = SasRecModel.Read(files, movies.Count);
            return new(model, movies, model.Rows, ColdStart.Read(files, movies.Count), [.. Enumerable.Range(0, movies.Count)]);
        }
    }

    /// <summary>Adds the movies that the model does not know and of which the catalogue says something that it does.</summary>
    public ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies)
        => _rows.Over(Movies, movies, _model.Features) is var (all, rows) ? new SasRecScorer(_model, all, rows, _strangers, [.. _place.Select(place => all.Find(Movies[place]))]) : this;
}
