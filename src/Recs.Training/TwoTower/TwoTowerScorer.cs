using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Snapshots;

namespace Recs.Training.TwoTower;

/// <summary>Scores a movie by the product of its vector and the person's.</summary>
internal sealed class TwoTowerScorer : FeaturedScorer
{
    private readonly TwoTowerModel _model;
    private readonly MovieVectors _vectors;

    private TwoTowerScorer(TwoTowerModel model, ScoredMovies movies) : base(movies, model.Features) => (_model, _vectors) = (model, MovieVectors.Of(Isa, model, movies.Rows));

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static TwoTowerScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = TwoTowerModel.Read(files, movies.Count);
            return new(model, ScoredMovies.OfFit(files, movies, model.Rows));
        }
    }

    /// <inheritdoc />
    protected override FeaturedScorer Over(ScoredMovies wider) => new TwoTowerScorer(_model, wider);

    /// <inheritdoc />
    protected override IHistoryReader NewReader() => new TwoTowerReader(Isa, _model, _vectors);
}
