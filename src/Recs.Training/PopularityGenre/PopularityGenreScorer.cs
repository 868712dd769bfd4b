using System.Buffers;
using Recs.Training.Artifacts;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.PopularityGenre;

/// <summary>
/// Score = trend(m) (1 + boost affinity(m)). The profile of a history is the share of its weight in each genre, a movie giving 1 / (its genres) of its weight to each
/// of them and movies without a genre giving none; affinity(m) is the mean, over the movie's genres, of profile times lift (<see cref="GenreLift"/>): 1 for a history as
/// mixed as all histories together, 0 for a movie without a genre.
/// </summary>
internal sealed class PopularityGenreScorer : IScorer
{
    private readonly HistoryWeights _weights;
    private readonly ColdStart _coldStart;
    private readonly float[] _trend;
    private readonly int[] _first;
    private readonly int[] _genre;
    private readonly float[] _lift;
    private readonly double _boost;

    public PopularityGenreScorer(ArtifactFiles files)
    {
        using (files)
        {
            Movies = IdMap.Of(files.Ids("movies"));
            _weights = HistoryWeights.Read(files);
            _trend = files.Section<float>("trend").ToArray();
            _first = files.Section<int>("genre-first").ToArray();
            _genre = files.Section<int>("genre").ToArray();
            _lift = files.Section<float>("lift").ToArray();
            var boost = files.Section<float>("boost");
            if (_trend.Length != Movies.Count || _first.Length != Movies.Count + 1 || _genre.Length != _first[^1] || boost.Length != 1)
                throw new DamagedArtifactException(files.Path, $"{_trend.Length} trends, {_first.Length} places, {_genre.Length} genres and {boost.Length} boosts for {Movies.Count} movies");
            _boost = boost[0];
            _coldStart = ColdStart.Read(files, _trend);
        }
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    public bool Personalizes(in UserState user) => _boost > 0 && Weight(user.Movies) > 0;

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        var history = user.Movies;
        scores = scores[..Movies.Count];
        _coldStart.Score(user, scores); // a movie without a genre keeps it
        var weight = Weight(history);
        if (weight == 0)
            return;
        var pooled = ArrayPool<double>.Shared.Rent(_lift.Length);
        var raises = pooled.AsSpan(0, _lift.Length);
        Raises(history, weight, raises);
        for (var movie = 0; movie < scores.Length; movie++)
        {
            var genres = Genres(movie);
            var sum = 0.0;
            foreach (var genre in genres)
                sum += raises[genre];
            if (!genres.IsEmpty)
                scores[movie] = (float)(_trend[movie] * (1 + (sum / genres.Length)));
        }

        ArrayPool<double>.Shared.Return(pooled);
    }

    /// <summary>
    /// The share of a movie of the history is the part of the boost that its genres brought, in units of the score: the shares sum to what the score is above the movie's
    /// trend, which nobody's history carries.
    /// </summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        var history = user.Movies;
        shares = shares[..history.Length];
        shares.Clear();
        var weight = Weight(history);
        if (weight == 0 || _boost == 0)
            return false;
        var genres = Genres(movie);
        for (var age = 0; age < Counting(history).Length; age++)
        {
            var seen = Genres(history[^(age + 1)]);
            var common = 0.0;
            foreach (var genre in seen)
                if (genres.BinarySearch(genre) >= 0)
                    common += _lift[genre];
            if (common > 0)
                shares[^(age + 1)] = (float)(_trend[movie] * _boost * common * _weights[age] / (weight * seen.Length * genres.Length));
        }

        return true;
    }

    public void Dispose()
    {
        // Holds no file: the numbers were copied when it was opened.
    }

    private ReadOnlySpan<int> Genres(int movie) => _genre.AsSpan(_first[movie], _first[movie + 1] - _first[movie]);

    private ReadOnlySpan<int> Counting(ReadOnlySpan<int> history) => history[^Math.Min(history.Length, _weights.Window)..];

    /// <summary>Weight of the movies that have a genre.</summary>
    private double Weight(ReadOnlySpan<int> history)
    {
        var weight = 0.0;
        for (var age = 0; age < Counting(history).Length; age++)
            if (!Genres(history[^(age + 1)]).IsEmpty)
                weight += _weights[age];
        return weight;
    }

    /// <summary>Per genre boost times profile times lift.</summary>
    private void Raises(ReadOnlySpan<int> history, double weight, Span<double> raises)
    {
        raises.Clear();
        for (var age = 0; age < Counting(history).Length; age++)
        {
            var genres = Genres(history[^(age + 1)]);
            foreach (var genre in genres)
                raises[genre] += _weights[age] / (double)genres.Length;
        }

        for (var genre = 0; genre < raises.Length; genre++)
            raises[genre] *= _boost * _lift[genre] / weight;
    }
}
