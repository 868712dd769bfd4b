using System.Buffers;
using Recs.Training.Artifacts;
using Recs.Training.ItemKnn;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.KnnBaseline;

/// <summary>
/// Predicts a rating by the baseline plus the weighted mean of what the person's ratings of the nearest movies are above theirs:
/// mean + b(person) + b(movie) + sum s (r - its baseline) / sum s over the k nearest rated movies, s their similarities; within the scale of the ratings fitted on.
/// Ranks by <see cref="NeighbourVotes"/> over the same similarities: what a person will see next is told by what they saw lately, not by how well they would like it, and
/// the mean above has no sense of how much it rests on.
/// </summary>
internal sealed class KnnBaselineScorer : IRatingPredictor
{
    private readonly NeighbourLists _lists;
    private readonly NeighbourRanking _ranking;
    private readonly Baselines _baselines;
    private readonly (float Lowest, float Highest) _scale;
    private readonly int _neighbours;

    public KnnBaselineScorer(ArtifactFiles files)
    {
        using (files)
        {
            Movies = IdMap.Of(files.Ids("movies"));
            var coldStart = ColdStart.Read(files, Movies.Count);
            _lists = NeighbourLists.Read(files, Movies.Count);
            _ranking = new(new(_lists, HistoryWeights.Read(files)), coldStart, popularTail: true);
            _baselines = Baselines.Read(files, Movies.Count);
            if (files.Section<float>("prediction") is not [var neighbours, var lowest, var highest])
                throw new DamagedArtifactException(files.Path, "section 'prediction' does not hold the neighbours and the ends of the scale");
            (_neighbours, _scale) = ((int)neighbours, (lowest, highest));
        }
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    public bool Personalizes(in UserState user) => _ranking.Personalizes(user);

    public bool AnswersByGroup(in UserState user) => _ranking.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores) => _ranking.Score(user, scores[..Movies.Count]);

    /// <summary>Explains the ranking score, not the rating.</summary>
    public bool Explain(in UserState user, int movie, Span<float> shares) => _ranking.Explain(user, movie, shares);

    public void PredictRatings(in UserState user, ReadOnlySpan<int> movies, Span<float> stars)
    {
        var count = user.Movies.Length;
        var (halfStars, above) = (ArrayPool<byte>.Shared.Rent(count), ArrayPool<float>.Shared.Rent(count));
        for (var place = 0; place < count; place++)
            halfStars[place] = user.HalfStarsAt(place);
        var ofPerson = _baselines.OfPerson(user.Movies, halfStars.AsSpan(0, count));
        for (var place = 0; place < count; place++)
            above[place] = (halfStars[place] * 0.5f) - _baselines.Mean - ofPerson - _baselines.OfMovie[user.Movies[place]];
        var nearest = new NearestRated(ArrayPool<float>.Shared.Rent(_neighbours), ArrayPool<float>.Shared.Rent(_neighbours), _neighbours);
        for (var i = 0; i < movies.Length; i++)
        {
            nearest.Clear();
            for (var place = count - 1; place >= 0; place--)
                if (halfStars[place] != 0 && user.Movies[place] != movies[i])
                    nearest.Offer(_lists.Similarity(movies[i], user.Movies[place]), above[place]);
            stars[i] = Math.Clamp(_baselines.Mean + ofPerson + _baselines.OfMovie[movies[i]] + nearest.Mean(), _scale.Lowest, _scale.Highest);
        }

        nearest.Return();
        ArrayPool<float>.Shared.Return(above);
        ArrayPool<byte>.Shared.Return(halfStars);
    }

    public void Dispose()
    {
        // Holds no file: the lists were copied when it was opened.
    }
}
