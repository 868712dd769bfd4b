using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.SasRec;

/// <summary>
/// Reads a history with the network and scores every movie as its next one. A new rating counts at once: it is a further movie of the sequence. A movie that came after the
/// training is described by its features, so that it can be scored and be part of a history. It holds no file: the parameters were copied when it was opened.
/// </summary>
internal sealed class SasRecScorer : NetworkScorer, ICatalogueScorer
{
    private readonly SasRecModel _model;
    private readonly MovieRows _rows;
    private readonly KeptRows _table;

    private SasRecScorer(SasRecModel model, IdMap movies, MovieRows rows, ColdStart coldStart, int[]? place = null) : base(movies, coldStart, place)
        => (_model, _rows, _table) = (model, rows, model.Describe(Isa, rows));

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static SasRecScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            var model = SasRecModel.Read(files, movies.Count);
            return new(model, movies, model.Rows, ColdStart.Read(files, movies.Count));
        }
    }

    /// <summary>Adds the movies that the model does not know and of which the catalogue says something that it does.</summary>
    public ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies)
        => _rows.Over(Movies, movies, _model.Features) is var (all, rows) ? new SasRecScorer(_model, all, rows, ColdStart, PlacesIn(all)) : this;

    /// <inheritdoc />
    public override bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    /// <inheritdoc />
    protected override IHistoryReader NewReader() => new MomentReader(Isa, _model, _table);
}
