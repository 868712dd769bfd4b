using System.Globalization;

namespace Recs.Training.Evaluating;

/// <summary>Writes the judged lists as CSV (<c>model,user,rank,movie,score</c>), so that anyone can recompute the figures.</summary>
public sealed class SlateCsv
{
    private readonly TextWriter _target;

    /// <summary>Starts with the header line.</summary>
    public SlateCsv(TextWriter target)
    {
        _target = target;
        _target.Write("model,user,rank,movie,score\n");
    }

    /// <summary>Writes one user's list, best first. Ids hold no comma and no quote.</summary>
    public void Write(string model, string user, IReadOnlyList<string> ids, ReadOnlySpan<int> movies, ReadOnlySpan<float> scores)
    {
        for (var i = 0; i < movies.Length; i++)
            _target.Write(string.Create(CultureInfo.InvariantCulture, $"{model},{user},{i + 1},{ids[movies[i]]},{scores[i]:R}\n"));
    }
}
