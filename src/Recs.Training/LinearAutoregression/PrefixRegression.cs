using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.LinearAutoregression;

/// <summary>
/// The normal equations of the regression over all prefixes of all histories, without ever writing out Z. For two movies at positions p and
/// q = p + d of one history of n movies, the prefixes that hold both add to Z'Z the sum of w(s) w(s + d) over s = 0 .. m - 1 with
/// m = min(L - d, n - 1 - q), which depends on d and m alone and is looked up; so the work is one addition per pair, not one per pair and prefix.
/// </summary>
internal sealed class PrefixRegression
{
    private const int RowsAtATime = 32;
    private readonly Histories _histories;
    private readonly int[] _row;
    private readonly double[] _decay;
    private readonly double[][] _overlap;
    private readonly int[] _firstOccurrence;
    private readonly (int User, int Position)[] _occurrences;

    /// <summary>Prepares the sums.</summary>
    /// <param name="histories">Every user's history.</param>
    /// <param name="row">Row of each movie in W, or -1.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="decay">Weight by age; its length is the window L.</param>
    public PrefixRegression(Histories histories, int[] row, int rows, ReadOnlySpan<float> decay)
    {
        (_histories, _row) = (histories, row);
        _decay = new double[decay.Length];
        for (var age = 0; age < decay.Length; age++)
            _decay[age] = decay[age];
        _overlap = Overlaps(_decay);
        (_firstOccurrence, _occurrences) = Occurrences(histories, row, rows);
    }

    /// <summary>Number of rows of W.</summary>
    private int Rows => _firstOccurrence.Length - 1;

    /// <summary>Z'Z + ridge I. Every element is summed in double precision in the order of the histories, then rounded once.</summary>
    public Matrix Gram(double ridge, FitRun run) => Sum(run, (accumulated, row) =>
    {
        AddGramRow(accumulated, row);
        accumulated[row] += ridge;
    });

    /// <summary>Z'Y.</summary>
    public Matrix Targets(FitRun run) => Sum(run, AddTargetRow);

    private Matrix Sum(FitRun run, Action<double[], int> addRow)
    {
        var sums = new Matrix(Rows, Rows);
        Workers.Run(run.Compute.Threads, (Rows + RowsAtATime - 1) / RowsAtATime, job =>
        {
            run.Cancel.ThrowIfCancellationRequested();
            var accumulated = new double[Rows];
            for (var row = job * RowsAtATime; row < Math.Min((job + 1) * RowsAtATime, Rows); row++)
            {
                Array.Clear(accumulated);
                addRow(accumulated, row);
                var target = sums.Row(row);
                for (var column = 0; column < target.Length; column++)
                    target[column] = (float)accumulated[column];
            }
        });
        return sums;
    }

    private void AddGramRow(double[] accumulated, int row)
    {
        var window = _decay.Length;
        foreach (var (user, p) in _occurrences.AsSpan(_firstOccurrence[row].._firstOccurrence[row + 1]))
        {
            var history = _histories.Of(user);
            var n = history.Length;
            for (var q = Math.Max(0, p - window + 1); q < Math.Min(n, p + window); q++)
            {
                var distance = Math.Abs(q - p);
                var prefixes = Math.Min(window - distance, n - 1 - Math.Max(p, q));
                var column = _row[history[q]];
                if (column >= 0)
                    accumulated[column] += _overlap[distance][prefixes];
            }
        }
    }

    private void AddTargetRow(double[] accumulated, int row)
    {
        foreach (var (user, p) in _occurrences.AsSpan(_firstOccurrence[row].._firstOccurrence[row + 1]))
        {
            var history = _histories.Of(user);
            for (var t = p + 1; t < Math.Min(history.Length, p + _decay.Length + 1); t++)
            {
                var column = _row[history[t]];
                if (column >= 0)
                    accumulated[column] += _decay[t - 1 - p];
            }
        }
    }

    /// <summary>Element [d][m] is the sum over s from 0 to m - 1 of w(s) w(s + d).</summary>
    private static double[][] Overlaps(double[] decay)
    {
        var overlaps = new double[decay.Length][];
        for (var d = 0; d < decay.Length; d++)
        {
            overlaps[d] = new double[decay.Length - d + 1];
            for (var s = 0; s < decay.Length - d; s++)
                overlaps[d][s + 1] = Math.FusedMultiplyAdd(decay[s], decay[s + d], overlaps[d][s]);
        }

        return overlaps;
    }

    private static (int[] First, (int User, int Position)[] All) Occurrences(Histories histories, int[] row, int rows)
    {
        var first = new int[rows + 1];
        foreach (var movie in histories.All)
            if (row[movie] >= 0)
                first[row[movie] + 1]++;
        for (var r = 0; r < rows; r++)
            first[r + 1] += first[r];
        var all = new (int, int)[first[rows]];
        var next = first.AsSpan(0, rows).ToArray();
        for (var user = 0; user < histories.Users; user++)
        {
            var history = histories.Of(user);
            for (var p = 0; p < history.Length; p++)
                if (row[history[p]] >= 0)
                    all[next[row[history[p]]]++] = (user, p);
        }

        return (first, all);
    }
}
