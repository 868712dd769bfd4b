using Recs.Training.Scoring;

namespace Recs.Training.Evaluating;

/// <summary>
/// One user's best unseen movies with the held-out movie at the place that its rank says: last among equal scores. So a figure recomputed from the
/// written lists is the reported one, ties included.
/// </summary>
/// <param name="length">Movies in a full list.</param>
internal sealed class JudgedList(int length)
{
    private readonly int[] _movies = new int[length + 1]; // one more, for when the held-out movie has to leave
    private readonly float[] _scores = new float[length + 1];
    private int _count;

    /// <summary>Dense movie ids, best first.</summary>
    public ReadOnlySpan<int> Movies => _movies.AsSpan(0, _count);

    /// <summary>Their scores.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    /// <summary>Lists the best movies.</summary>
    /// <param name="scores">Scores of all movies, those of the history left out.</param>
    /// <param name="heldOut">The movie to be found.</param>
    /// <param name="rank">Its rank, from 1.</param>
    public void Fill(ReadOnlySpan<float> scores, int heldOut, int rank)
    {
        var found = SlateRanking.TopK(scores, _movies, _scores);
        var at = _movies.AsSpan(0, found).IndexOf(heldOut);
        if (at >= 0)
        {
            var to = Math.Min(rank - 1, found - 1); // the movies in between score the same
            _movies.AsSpan(at + 1, to - at).CopyTo(_movies.AsSpan(at));
            _movies[to] = heldOut;
        }

        _count = Math.Min(found, length);
    }
}
