using System.Text;

namespace Recs.Projections.OnlineMetrics;

/// <summary>A predicted rating and the one that was given.</summary>
/// <param name="Metric">Definition that paired them.</param>
/// <param name="Slate">The slate.</param>
/// <param name="Item">Place of the movie in the slate.</param>
/// <param name="CompleteAt">Log position at which both were there.</param>
/// <param name="SquaredError">Millionths of a star squared.</param>
internal readonly record struct RatedPair(MetricDefinition Metric, SlateFact Slate, int Item, long CompleteAt, long SquaredError);

/// <summary>
/// Joins slates with outcomes of the same person. An outcome counts for a slate when the slate recommended its movie at most the definition's window before;
/// an opening that names a request counts for the slate of that request only. A movie counts once per slate, however often it was watched, rated or opened.
/// </summary>
internal sealed class Attribution(IReadOnlyList<MetricDefinition> definitions)
{
    /// <summary>A squared error counts at most this many millionths (1,000 stars squared), so that no prediction can overflow a sum.</summary>
    private const double LargestError = 1e9;

    private readonly MetricDefinition[] _shares = [.. definitions.Where(d => d.Unit != MetricUnit.Rating)];
    private readonly MetricDefinition[] _errors = [.. definitions.Where(d => d.Unit == MetricUnit.Rating)];
    private readonly long _window = definitions.Count == 0 ? 0 : definitions.Max(d => d.WindowMilliseconds);
    private readonly List<Hit> _hits = [];
    private byte[] _movie = new byte[256];

    private readonly record struct Hit(int Item, Outcome Outcome);

    /// <summary>Definitions of shares, in the order of <see cref="Cell.Converted"/>.</summary>
    public IReadOnlyList<MetricDefinition> Shares => _shares;

    /// <summary>Longest window of all definitions that count outcomes of the kind, milliseconds; -1 if none does.</summary>
    public long WindowOf(OutcomeKind kind) => definitions.Where(d => d.Counts(kind)).Select(d => d.WindowMilliseconds).DefaultIfEmpty(-1).Max();

    /// <summary>Longest window of all definitions, milliseconds.</summary>
    public long Window => _window;

    /// <summary>Order of outcomes that <see cref="Count"/> expects.</summary>
    public static int ByTime(Outcome a, Outcome b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Sequence.CompareTo(b.Sequence);

    /// <summary>Counts a slate for the first time, with all outcomes that are known.</summary>
    public void Count(in SlateFact slate, List<Outcome> outcomes, OnlineCounts counts)
    {
        Find(slate, outcomes);
        var cell = counts.Cell(slate, _shares.Length);
        cell.Slates++;
        cell.Items += slate.Count;
        Add(cell, slate, long.MaxValue, 1);
        Pair(slate, long.MinValue, counts);
    }

    /// <summary>Counts what the outcomes from a log position on change about a slate that was counted with the ones before.</summary>
    public void Recount(in SlateFact slate, List<Outcome> outcomes, long from, OnlineCounts counts)
    {
        Find(slate, outcomes);
        if (!_hits.Exists(h => h.Outcome.Sequence >= from)) return;
        var cell = counts.Cell(slate, _shares.Length);
        Add(cell, slate, from, -1);
        Add(cell, slate, long.MaxValue, 1);
        Pair(slate, from, counts);
    }

    /// <summary>Takes back all that was counted of a slate's shares. Pairs cannot be taken back: their metrics are computed anew.</summary>
    public void Discount(in SlateFact slate, List<Outcome> outcomes, OnlineCounts counts)
    {
        Find(slate, outcomes);
        var cell = counts.Cell(slate, _shares.Length);
        cell.Slates--;
        cell.Items -= slate.Count;
        Add(cell, slate, long.MaxValue, -1);
    }

    /// <summary>Which items met which outcomes, by item, then kind and value.</summary>
    private void Find(in SlateFact slate, List<Outcome> outcomes)
    {
        _hits.Clear();
        for (var i = FirstFrom(slate.At, outcomes); i < outcomes.Count && outcomes[i].At - slate.At <= _window; i++)
        {
            var outcome = outcomes[i];
            if (outcome.Kind == OutcomeKind.Opened && outcome.Request != 0 && outcome.Request != slate.Request) continue;
            var place = slate.PlaceOf(Utf8(outcome.MovieId));
            if (place >= 0) _hits.Add(new(place, outcome));
        }
        if (_hits.Count > 1)
            _hits.Sort(static (a, b) => a.Item != b.Item ? a.Item - b.Item : a.Outcome.Kind != b.Outcome.Kind ? a.Outcome.Kind - b.Outcome.Kind : a.Outcome.Value.CompareTo(b.Outcome.Value));
    }

    private static int FirstFrom(long at, List<Outcome> outcomes)
    {
        var (low, high) = (0, outcomes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (outcomes[middle].At < at) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private ReadOnlySpan<byte> Utf8(string movie)
    {
        if (_movie.Length < movie.Length * 3) _movie = new byte[movie.Length * 3];
        return _movie.AsSpan(0, Encoding.UTF8.GetBytes(movie, _movie));
    }

    /// <summary>Adds (or takes back) what the hits before a log position convert.</summary>
    private void Add(Cell cell, in SlateFact slate, long before, int sign)
    {
        if (_hits.Count == 0) return;
        for (var d = 0; d < _shares.Length; d++)
        {
            var items = Converted(_shares[d], slate.At, before);
            if (items == 0) continue;
            cell.Converted[d].Slates += sign;
            cell.Converted[d].Items += sign * items;
        }
    }

    private int Converted(MetricDefinition definition, long servedAt, long before)
    {
        var converted = 0;
        for (var i = 0; i < _hits.Count;)
        {
            var (item, minutes, last, done) = (_hits[i].Item, 0, (int?)null, false);
            for (; i < _hits.Count && _hits[i].Item == item; i++)
            {
                var outcome = _hits[i].Outcome;
                if (done || outcome.Sequence >= before || !definition.Admits(servedAt, outcome)) continue;
                if (outcome.Kind != OutcomeKind.Watched) done = true;
                else if (outcome.Value != last) (last, done) = (outcome.Value, ++minutes >= definition.MinimalMinutes);
            }
            if (done) converted++;
        }
        return converted;
    }

    /// <summary>
    /// Pairs each item with the rating that is first in the log of those inside the window. What comes later in the log never changes a pair, so pairs in the
    /// order of their completion only ever grow at the end. Those whose rating stands before <paramref name="from"/> were paired already.
    /// </summary>
    private void Pair(in SlateFact slate, long from, OnlineCounts counts)
    {
        if (slate.Predicted is not { } predicted || _hits.Count == 0) return;
        foreach (var definition in _errors)
            for (var i = 0; i < _hits.Count;)
            {
                var (item, first) = (_hits[i].Item, (Outcome?)null);
                for (; i < _hits.Count && _hits[i].Item == item; i++)
                {
                    var outcome = _hits[i].Outcome;
                    if (outcome.Kind == OutcomeKind.Rated && definition.Admits(slate.At, outcome) && !(first?.Sequence < outcome.Sequence)) first = outcome;
                }
                if (first is { } rating && rating.Sequence >= from && item < predicted.Length)
                    counts.Add(new RatedPair(definition, slate, item, Math.Max(slate.Sequence, rating.Sequence), SquaredError(predicted[item], rating.Value)));
            }
    }

    private static long SquaredError(float predicted, int thousandths)
    {
        var error = predicted - thousandths / 1000.0;
        return (long)Math.Min(LargestError, Math.Round(error * error * 1e6));
    }
}
