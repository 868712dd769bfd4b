using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Snapshots;

namespace Recs.Training.SasRec;

/// <summary>Reads a history with the network and scores every movie as its next one. A new rating counts at once: it is a further movie of the sequence.</summary>
internal sealed class SasRecScorer : FeaturedScorer
{
    private readonly SasRecModel _model;
    private readonly KeptRows _table;

    private SasRecScorer(SasRecModel model, ScoredMovies movies) : base(movies, model.Features) => (_model, _table) = (model, model.Describe(Isa, movies.Rows));

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static SasRecScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = SasRecModel.Read(files, movies.Count);
            return new(model, ScoredMovies.OfFit(files, movies, model.Rows));
        }
    }

    /// <inheritdoc />
    protected override FeaturedScorer Over(ScoredMovies wider) => new SasRecScorer(_model, wider);

    /// <inheritdoc />
    protected override IHistoryReader NewReader() => new MomentReader(Isa, _model, _table);
}
