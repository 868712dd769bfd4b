using System.Runtime.InteropServices;

namespace Recs.Projections.OnlineMetrics;

/// <summary>Converted slates, and converted items among all of them.</summary>
internal struct Conversion
{
    public long Slates;
    public long Items;
}

/// <summary>Slates of one series and hour; <see cref="Converted"/> has one entry per definition of a share.</summary>
internal sealed class Cell(int definitions)
{
    public long Slates;
    public long Items;
    public Conversion[] Converted { get; } = new Conversion[definitions];
}

/// <summary>Number, sum and sum of squares of whole numbers.</summary>
internal struct Measure
{
    public long Observations;
    public long Total;
    public decimal Squares;

    public void Add(long value, int sign)
    {
        Observations += sign;
        Total += sign * value;
        Squares += sign * (decimal)value * value;
    }
}

/// <summary>What a run of events adds to the tables, or the whole log if it is all of it. Sums are whole numbers, so the order of adding cannot show.</summary>
internal sealed class OnlineCounts
{
    private readonly Dictionary<(Series Series, long Hour), Cell> _cells = [];
    private readonly Dictionary<(string Metric, Series Series, long Hour), Measure> _measures = [];
    private readonly List<RatedPair> _pairs = [];

    public IReadOnlyDictionary<(Series Series, long Hour), Cell> Cells => _cells;
    public IReadOnlyDictionary<(string Metric, Series Series, long Hour), Measure> Measures => _measures;

    /// <summary>Pairs by the log position that completed them: the order in which batches are cut.</summary>
    public IEnumerable<IGrouping<(string Metric, Series Series), RatedPair>> PairsBySeries()
        => _pairs.OrderBy(p => p.CompleteAt).ThenBy(p => p.Slate.Sequence).ThenBy(p => p.Item).GroupBy(p => (p.Metric.Name, p.Slate.Series));

    public Cell Cell(in SlateFact slate, int definitions)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, (slate.Series, Hours.Of(slate.At)), out _);
        return cell ??= new(definitions);
    }

    public void Add(in RatedPair pair)
    {
        _pairs.Add(pair);
        CollectionsMarshal.GetValueRefOrAddDefault(_measures, (pair.Metric.Name, pair.Slate.Series, Hours.Of(pair.Slate.At)), out _).Add(pair.SquaredError, 1);
    }

    /// <summary>Adds a session (or takes it back), under the hour of its first slate.</summary>
    public void Add(in Session session, int sign)
        => CollectionsMarshal.GetValueRefOrAddDefault(_measures, (MetricDefinition.SessionLength, session.Series, Hours.Of(session.SlateAt)), out _)
            .Add((session.End - session.Start) / 1000, sign);
}
