using Recs.Training.Artifacts;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.ItemKnn;

/// <summary>
/// A movie scores the sum, over the movies of the history that are among its nearest, of weight times similarity, from the most recent movie to the oldest.
/// A movie with none of its nearest in the history scores 0.
/// </summary>
internal sealed class ItemKnnScorer : IScorer
{
    private readonly HistoryWeights _weights;
    private readonly float[] _popularity;
    private readonly int[] _first;
    private readonly int[] _movie;
    private readonly float[] _similarity;

    public ItemKnnScorer(ArtifactFiles files)
    {
        using (files)
        {
            Movies = IdMap.Of(files.Ids("movies"));
            _weights = HistoryWeights.Read(files);
            _popularity = PopularityCounts.Scores(files, Movies.Count);
            _first = files.Section<int>("neighbour-first").ToArray();
            _movie = files.Section<int>("neighbour").ToArray();
            _similarity = files.Section<float>("similarity").ToArray();
            if (_first.Length != Movies.Count + 1 || _movie.Length != _first[^1] || _similarity.Length != _first[^1])
                throw new DamagedArtifactException(files.Path, $"{_first.Length} places, {_movie.Length} neighbours and {_similarity.Length} similarities for {Movies.Count} movies");
        }
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    public bool Personalizes(in UserState user)
    {
        foreach (var movie in Counting(user.Movies))
            if (_first[movie] < _first[movie + 1])
                return true;
        return false;
    }

    public void Score(in UserState user, Span<float> scores)
    {
        var history = user.Movies;
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            _popularity.CopyTo(scores);
            return;
        }

        scores.Clear();
        for (var age = 0; age < Counting(history).Length; age++)
        {
            var (weight, from, to) = (_weights[age], _first[history[^(age + 1)]], _first[history[^(age + 1)] + 1]);
            for (var i = from; i < to; i++)
                scores[_movie[i]] = MathF.FusedMultiplyAdd(weight, _similarity[i], scores[_movie[i]]);
        }
    }

    /// <summary>The share of a movie of the history is its weight times its similarity, if it is among the nearest: the terms of the sum that the score is.</summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        var history = user.Movies;
        shares = shares[..history.Length];
        shares.Clear();
        for (var age = 0; age < Counting(history).Length; age++)
        {
            var place = history.Length - 1 - age;
            var (from, to) = (_first[history[place]], _first[history[place] + 1]);
            var found = Array.BinarySearch(_movie, from, to - from, movie);
            if (found >= 0)
                shares[place] = _weights[age] * _similarity[found];
        }

        return Personalizes(user);
    }

    public void Dispose()
    {
        // Holds no file: the lists were copied when it was opened.
    }

    private ReadOnlySpan<int> Counting(ReadOnlySpan<int> history) => history[^Math.Min(history.Length, _weights.Window)..];
}
