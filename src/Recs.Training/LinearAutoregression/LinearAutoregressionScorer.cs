using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.LinearAutoregression;

/// <summary>
/// Scores by the decayed history times W: one weighted row of W, straight from the mapped file, per movie of the last ceil(5 tau). The sum
/// goes from the most recent movie to the oldest.
/// </summary>
internal sealed unsafe class LinearAutoregressionScorer : IScorer
{
    private readonly ArtifactFiles _files;
    private readonly float[] _popularity;
    private readonly float[] _weights;
    private readonly float* _w;
    private readonly int _stride;
    private readonly Isa _isa = InstructionSets.Chosen;

    public LinearAutoregressionScorer(ArtifactFiles files)
    {
        _files = files;
        Movies = IdMap.Of(files.Ids("movies"));
        _popularity = PopularityCounts.Scores(files, Movies.Count);
        _weights = files.Section<float>("decay").ToArray();
        _stride = Matrix.StrideFor(Movies.Count);
        _w = (float*)files.Pointer("w", (long)Movies.Count * _stride * sizeof(float));
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    public bool Personalizes(ReadOnlySpan<int> history) => !history.IsEmpty;

    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        if (history.IsEmpty)
        {
            _popularity.CopyTo(scores);
            return;
        }

        scores = scores[..Movies.Count];
        scores.Clear();
        var count = Math.Min(history.Length, _weights.Length);
        var rows = stackalloc float*[count];
        for (var age = 0; age < count; age++)
        {
            var movie = history[^(age + 1)];
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)movie, (uint)Movies.Count, nameof(history));
            rows[age] = _w + ((nint)movie * _stride);
        }

        fixed (float* y = scores, weights = _weights)
            RowCombination.Add(_isa, y, rows, weights, count, scores.Length);
        GC.KeepAlive(_files); // the rows lie in its mapping
    }

    public void Dispose() => _files.Dispose();
}
