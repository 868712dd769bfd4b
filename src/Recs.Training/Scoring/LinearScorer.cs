using Recs.Training.Artifacts;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Snapshots;

namespace Recs.Training.Scoring;

/// <summary>
/// Scores by the weighted history times a matrix W: one weighted row of W, straight from the model file's bytes, per movie of the history that counts. The sum
/// goes from the most recent movie to the oldest. It reads the sections <c>movies</c>, those of the cold start, <c>modelled</c> (the movies behind the rows
/// and columns, ascending) and <c>w</c>.
/// </summary>
internal sealed unsafe class LinearScorer : IScorer
{
    private const int RowsAtATime = 256; // their addresses are on the stack, which must not grow with a history

    private readonly ArtifactFiles _files;
    private readonly HistoryWeights _weights;
    private readonly ColdStart _coldStart;
    private readonly int[] _modelled;
    private readonly int[] _row;
    private readonly float* _w;
    private readonly int _stride;
    private readonly Isa _isa = InstructionSets.Chosen;

    public LinearScorer(ArtifactFiles files, HistoryWeights weights)
    {
        (_files, _weights) = (files, weights);
        Movies = IdMap.Of(files.Ids("movies"));
        _coldStart = ColdStart.Read(files, Movies.Count);
        _modelled = files.Section<int>("modelled").ToArray();
        _row = ModelledMovies.Rows(_modelled, Movies.Count);
        _stride = Matrix.StrideFor(_modelled.Length);
        _w = (float*)files.Pointer("w", (long)_modelled.Length * _stride * sizeof(float));
    }

    public int ScorerVersion => 1;

    public IdMap Movies { get; }

    public bool Personalizes(in UserState user)
    {
        foreach (var movie in Counting(user.Movies))
            if (_row[movie] >= 0)
                return true;
        return false;
    }

    public bool AnswersByGroup(in UserState user) => _coldStart.AnswersByGroup(user);

    public void Score(in UserState user, Span<float> scores)
    {
        scores = scores[..Movies.Count];
        if (!Personalizes(user))
        {
            _coldStart.Score(user, scores);
            return;
        }

        scores.Clear();
        fixed (float* y = scores)
            AddRows(user.Movies, y);
        GC.KeepAlive(_files); // the rows lie in its mapping
        if (_modelled.Length < scores.Length)
            Spread(scores);
    }

    /// <summary>The share of a movie of the history is its weight times the element of W that joins it to the movie: the terms of the sum that the score is.</summary>
    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        var history = user.Movies;
        shares = shares[..history.Length];
        shares.Clear();
        var (column, known) = (_row[movie], false);
        for (var age = 0; age < Counting(history).Length; age++)
        {
            var place = history.Length - 1 - age;
            var row = _row[history[place]];
            if (row < 0)
                continue;
            known = true;
            if (column >= 0)
                shares[place] = _weights[age] * _w[((nint)row * _stride) + column];
        }

        GC.KeepAlive(_files); // the rows lie in its mapping
        return known;
    }

    public void Dispose() => _files.Dispose();

    private ReadOnlySpan<int> Counting(ReadOnlySpan<int> history) => history[^Math.Min(history.Length, _weights.Window)..];

    private void AddRows(ReadOnlySpan<int> history, float* y)
    {
        var rows = stackalloc float*[RowsAtATime];
        var weights = stackalloc float[RowsAtATime];
        var count = 0;
        for (var age = 0; age < Counting(history).Length; age++)
        {
            var row = _row[history[^(age + 1)]];
            if (row < 0)
                continue;
            rows[count] = _w + ((nint)row * _stride);
            weights[count++] = _weights[age];
            if (count < RowsAtATime)
                continue;
            RowCombination.Add(_isa, y, rows, weights, count, _modelled.Length);
            count = 0;
        }

        RowCombination.Add(_isa, y, rows, weights, count, _modelled.Length);
    }

    /// <summary>Moves the score of each row to its movie, from the end, since a movie's place is never before its row's.</summary>
    private void Spread(Span<float> scores)
    {
        for (var row = _modelled.Length - 1; row >= 0; row--)
        {
            if (_modelled[row] == row)
                return;
            (scores[_modelled[row]], scores[row]) = (scores[row], 0);
        }
    }
}
