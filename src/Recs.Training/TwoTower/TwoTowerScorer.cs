using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.TwoTower;

/// <summary>Scores movies by their features, so that a movie that came after the training can be scored, too. It holds no file: the parameters were copied when it was opened.</summary>
internal sealed class TwoTowerScorer : NetworkScorer, ICatalogueScorer
{
    private readonly TwoTowerModel _model;
    private readonly MovieRows _rows;
    private readonly MovieVectors _vectors;

    private TwoTowerScorer(TwoTowerModel model, IdMap movies, MovieRows rows, ColdStart coldStart, int[]? place = null) : base(movies, coldStart, place)
        => (_model, _rows, _vectors) = (model, rows, MovieVectors.Of(Isa, model, rows));

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static TwoTowerScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = TwoTowerModel.Read(files, movies.Count);
            return new(model, movies, model.Rows, ColdStart.Read(files, movies.Count));
        }
    }

    /// <summary>Adds the movies that the model does not know and of which the catalogue says something that it does.</summary>
    public ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies)
        => _rows.Over(Movies, movies, _model.Features) is var (all, rows) ? new TwoTowerScorer(_model, all, rows, ColdStart, PlacesIn(all)) : this;

    /// <inheritdoc />
    public override bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    /// <inheritdoc />
    protected override IHistoryReader NewReader() => new TwoTowerReader(Isa, _model, _vectors);
}
