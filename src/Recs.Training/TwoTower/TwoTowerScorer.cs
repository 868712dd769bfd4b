using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.People;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.TwoTower;

/// <summary>Scores movies by their features, so that a movie that came after the training can be scored, too.</summary>
internal sealed class TwoTowerScorer : TowerScorer, ICatalogueScorer
{
    private readonly TwoTowerModel _model;
    private readonly MovieRows _rows;
    private readonly ColdStart _strangers;
    private readonly int[] _place;

    private TwoTowerScorer(TwoTowerModel model, IdMap movies, MovieRows rows, ColdStart strangers, int[] place) : base(new TwoTowerReader(model, rows), movies, strangers, place)
        => (_model, _rows, _strangers, _place) = (model, rows, strangers, place);

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static TwoTowerScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = TwoTowerModel.Read(files, movies.Count);
            return new(model, movies, model.Rows, ColdStart.Read(files, movies.Count), [.. Enumerable.Range(0, movies.Count)]);
        }
    }

    /// <summary>Adds the movies that the model does not know and of which the catalogue says something that it does.</summary>
    public ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies)
        => _rows.Over(Movies, movies, _model.Features) is var (all, rows) ? new TwoTowerScorer(_model, all, rows, _strangers, [.. _place.Select(place => all.Find(Movies[place]))]) : this;
}
