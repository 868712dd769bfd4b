using System.Buffers;

namespace Recs.Training.KnnBaseline;

/// <summary>The most similar of the movies that a person rated, and the mean of what their ratings are above the baseline, weighted by similarity. Of equally similar ones those offered first stay.</summary>
/// <param name="similarity">Room for the similarities, rented.</param>
/// <param name="above">Room for the ratings above their baselines, rented.</param>
/// <param name="most">How many are kept.</param>
internal ref struct NearestRated(float[] similarity, float[] above, int most)
{
    private int _count;

    /// <summary>Forgets all.</summary>
    public void Clear() => _count = 0;

    /// <summary>Takes one in if it is among the most similar; never one without similarity.</summary>
    public void Offer(float near, float aboveBaseline)
    {
        if (near <= 0 || (_count == most && near <= similarity[_count - 1]))
            return;
        var place = _count < most ? _count++ : _count - 1;
        for (; place > 0 && near > similarity[place - 1]; place--)
            (similarity[place], above[place]) = (similarity[place - 1], above[place - 1]);
        (similarity[place], above[place]) = (near, aboveBaseline);
    }

    /// <summary>The weighted mean in stars; 0 if nothing was taken in.</summary>
    public readonly float Mean()
    {
        var (sum, weight) = (0f, 0f);
        for (var i = 0; i < _count; i++)
        {
            sum = MathF.FusedMultiplyAdd(similarity[i], above[i], sum);
            weight += similarity[i];
        }

        return _count == 0 ? 0 : sum / weight;
    }

    /// <summary>Gives the room back to the pool.</summary>
    public readonly void Return()
    {
        ArrayPool<float>.Shared.Return(similarity);
        ArrayPool<float>.Shared.Return(above);
    }
}
