using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.NeuralCf;

/// <summary>Scores pairs of a person and each movie. It holds no file: the parameters were copied when it was opened.</summary>
internal sealed class NeuralCfScorer : NetworkScorer
{
    private readonly NeuralCfModel _model;

    private NeuralCfScorer(NeuralCfModel model, IdMap movies, ColdStart coldStart) : base(movies, coldStart) => _model = model;

    /// <summary>Reads an artifact.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static NeuralCfScorer Read(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            return new(NeuralCfModel.Read(files, movies.Count), movies, ColdStart.Read(files, movies.Count));
        }
    }

    /// <inheritdoc />
    public override bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    /// <inheritdoc />
    protected override IHistoryReader NewReader() => new NeuralCfReader(Isa, _model);
}
