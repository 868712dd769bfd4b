using Recs.Training.Artifacts;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.ItemKnn;

/// <summary>
/// Scores by <see cref="NeighbourVotes"/>. Version 2, for artifacts of format 2, puts the movies that the history does not reach in the order of their popularity
/// (<see cref="PopularTail"/>); version 1, for those of format 1, leaves them at 0 as it always did, so that old slates replay to the bit.
/// </summary>
internal sealed class ItemKnnScorer : IScorer
{
    private readonly NeighbourRanking _ranking;

    public ItemKnnScorer(ArtifactFiles files)
    {
        using (files)
        {
            if (files.FormatVersion is not (1 or 2))
                throw new DamagedArtifactException(files.Path, $"its format version is {files.FormatVersion}, this program reads 1 and 2");
            ScorerVersion = files.FormatVersion;
            Movies = IdMap.Of(files.Ids("movies"));
            var coldStart = ColdStart.Read(files, Movies.Count);
            _ranking = new(new(NeighbourLists.Read(files, Movies.Count), HistoryWeights.Read(files)), coldStart, popularTail: ScorerVersion > 1);
        }
    }

    public int ScorerVersion { get; }

    public IdMap Movies { get; }

    public bool Personalizes(in UserState user) => _ranking.Personalizes(user);

    public bool AnswersByGroup(in UserState user) => _ranking.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores) => _ranking.Score(user, scores[..Movies.Count]);

    public bool Explain(in UserState user, int movie, Span<float> shares) => _ranking.Explain(user, movie, shares);

    public void Dispose()
    {
        // Holds no file: the lists were copied when it was opened.
    }
}
