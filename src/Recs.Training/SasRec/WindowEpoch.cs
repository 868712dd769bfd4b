using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.SasRec;

/// <summary>
/// One epoch: every history is cut into windows from a place that is drawn anew each time, the windows are shuffled and put together to steps of about the same number of movies. After
/// each movie but a history's last the network has to tell the next one among those that the person has not seen.
/// </summary>
internal sealed class WindowEpoch : IEpoch
{
    private const int BlocksOfAPart = 28; // as a power of two: more blocks of drop-out than any part can use
    private readonly SasRecNetwork _network;
    private readonly SasRecLesson _lesson;
    private readonly SasRecDropout _dropped;
    private readonly int _epoch;
    private readonly Window[][][] _steps;

    /// <param name="Start">Place of the first movie in <see cref="SasRecLesson.Row"/>.</param>
    /// <param name="Length">Movies.</param>
    /// <param name="History">Place of the history's first movie.</param>
    private readonly record struct Window(int Start, int Length, int History);

    /// <summary>Cuts and shuffles.</summary>
    /// <param name="network">Network.</param>
    /// <param name="lesson">What it learns from.</param>
    /// <param name="movies">Movies per step, about.</param>
    /// <param name="dropped">What is dropped.</param>
    /// <param name="draws">Keyed by seed and epoch.</param>
    /// <param name="epoch">Number of the epoch.</param>
    public WindowEpoch(SasRecNetwork network, SasRecLesson lesson, int movies, SasRecDropout dropped, CounterRandom draws, int epoch)
    {
        (_network, _lesson, _dropped, _epoch) = (network, lesson, dropped, epoch);
        var windows = Cut(draws);
        var order = Enumerable.Range(0, windows.Count).Select(i => (Key: draws.Bits((1UL << 40) + (ulong)i), i)).Order().Select(w => windows[w.i]).ToArray();
        var total = order.Sum(w => (long)w.Length); // the same in every epoch, and so is the number of steps
        _steps = new Window[Math.Max(1, (int)Math.Round(total / (double)movies))][][];
        var (at, dealt) = (0, 0L);
        for (var step = 0; step < _steps.Length; step++)
        {
            var from = at;
            for (; at < order.Length && dealt < (step + 1) * total / _steps.Length; at++)
                dealt += order[at].Length;
            _steps[step] = Deal(order[from..at]);
        }
    }

    /// <inheritdoc />
    public int Steps => _steps.Length;

    /// <summary>Places in <see cref="SasRecLesson.Row"/> of the movies that a part has to tell.</summary>
    public IEnumerable<int> Told(int step, int part) => _steps[step][part].SelectMany(window => Enumerable.Range(window.Start + 1, window.Length));

    /// <inheritdoc />
    public double Loss(Tape tape, int step, int part)
    {
        var windows = _steps[step][part];
        if (windows.Length == 0)
            return 0;
        var rows = windows.Sum(w => w.Length);
        var share = 1f / _steps[step].Sum(p => p.Sum(w => w.Length));
        int[] movie = new int[rows], next = new int[rows], starts = new int[windows.Length + 1], from = new int[rows], to = new int[rows];
        var row = 0;
        for (var i = 0; i < windows.Length; i++)
        {
            var (start, length, history) = windows[i];
            for (var at = start; at < start + length; at++, row++)
                (movie[row], next[row], from[row], to[row]) = (_lesson.Row[at], _lesson.Row[at + 1], history, at + 1);
            starts[i + 1] = row;
        }

        var each = Enumerable.Range(0, rows + 1).ToArray();
        var weights = new float[rows];
        Array.Fill(weights, share);
        var first = (((((ulong)_epoch * (ulong)Steps) + (ulong)step) * GradientDescent.Parts) + (ulong)part) << BlocksOfAPart;
        _lesson.Movies[part].DropOwn(_dropped.Own, first);
        var movies = _network.Movies.Apply(tape, _lesson.Movies[part]);
        var moments = _network.Moments(tape, movies, new(new(each, movie), new(starts)), new(_dropped.Inside, first));
        var noBias = tape.Zeros(1, Matrix.StrideFor(movies.Rows)); // what is popular is a direction of the rows, so that features can tell it of a new movie
        return CatalogueLoss.Apply(tape, moments, movies, noBias, movies.Rows, new(each, next, weights) { LeftOut = new(_lesson.Row, from, to) });
    }

    private List<Window> Cut(CounterRandom draws)
    {
        var length = _network.Shape.Window;
        var windows = new List<Window>();
        for (var i = 0; i < _lesson.People.Length; i++)
        {
            var history = _lesson.Histories.Start(_lesson.People[i]);
            var start = history;
            var end = start + _lesson.Kept.Learned(_lesson.People[i]) - 1; // the last movie is only told, never told from
            var cut = end - start <= length ? end : start + 1 + draws.Below(length, (ulong)i);
            for (; start < end; start = cut, cut = Math.Min(cut + length, end))
                windows.Add(new(start, cut - start, history));
        }

        return windows;
    }

    /// <summary>Deals windows out to the parts of a step, the longest first, each to the part that has the fewest movies.</summary>
    private static Window[][] Deal(Window[] windows)
    {
        var parts = Enumerable.Range(0, GradientDescent.Parts).Select(_ => new List<Window>()).ToArray();
        var movies = new int[parts.Length];
        foreach (var window in windows.OrderByDescending(w => w.Length)) // equal ones in their drawn order, which does not depend on who people are
        {
            var part = Array.IndexOf(movies, movies.Min());
            parts[part].Add(window);
            movies[part] += window.Length;
        }

        return [.. parts.Select(p => p.ToArray())];
    }
}

/// <summary>What is dropped at random while the network learns.</summary>
/// <param name="Inside">Numbers and weights inside the network.</param>
/// <param name="Own">Movies' own rows, so that their features learn to stand for them.</param>
internal readonly record struct SasRecDropout(DropoutRule Inside, DropoutRule Own);
