using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Recs.Host.Observing;

/// <summary>All series of one metric name. Their number is bounded: what would be one too many is counted under the label value <c>other</c>.</summary>
internal sealed class MetricFamily
{
    /// <summary>Series per name; more would cost every scrape and every dashboard.</summary>
    public const int MostSeries = 500;

    private const string Other = "other";
    private static readonly double[] DefaultBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(TagComparer.Instance);
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly string _name, _help, _type;
    private readonly bool _observed, _sets;
    private readonly double[]? _bounds;
    private int _count;

    /// <summary>The family of an instrument; others of the same name share it.</summary>
    public MetricFamily(Instrument instrument)
    {
        var kind = KindOf(instrument);
        _name = NameOf(instrument);
        _help = (instrument.Description ?? instrument.Name).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
        _type = kind == typeof(Histogram<>) ? "histogram" : IsCounter(kind) ? "counter" : "gauge";
        _observed = instrument.IsObservable;
        _sets = _observed || kind == typeof(Gauge<>);
        _bounds = _type != "histogram" ? null : instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
            _ => DefaultBounds,
        };
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    /// <summary>The name that Prometheus shows.</summary>
    public static string NameOf(Instrument instrument)
    {
        var name = Underscored(instrument.Name);
        return IsCounter(KindOf(instrument)) && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Takes a measurement.</summary>
    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = _byTags.TryGetValue(tags, out var known) ? known : Add(tags);
        if (_bounds is not null)
            series.Record(value, _bounds);
        else if (_sets)
            series.Set(value);
        else
            series.Add(value);
    }

    /// <summary>Lets go of what is observed anew at each scrape.</summary>
    public void ForgetObserved()
    {
        if (!_observed)
            return;
        _series.Clear();
        _count = 0;
    }

    /// <summary>Writes help, type and samples; nothing before the first measurement.</summary>
    public void Write(StringBuilder text)
    {
        if (_series.IsEmpty)
            return;
        text.Append("# HELP ").Append(_name).Append(' ').Append(_help).Append('\n').Append("# TYPE ").Append(_name).Append(' ').Append(_type).Append('\n');
        foreach (var series in _series.Values.OrderBy(s => s.Labels, StringComparer.Ordinal))
            if (_bounds is null)
                Sample(text, "", series.Labels, series.Value);
            else
                Histogram(text, series, _bounds);
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = tags.ToArray();
        if (Interlocked.Increment(ref _count) > MostSeries)
            key = Array.ConvertAll(key, tag => new KeyValuePair<string, object?>(tag.Key, Other));
        return _series.GetOrAdd(key, k => new MetricSeries(Labels(k), _bounds?.Length));
    }

    private void Histogram(StringBuilder text, MetricSeries series, double[] bounds)
    {
        var cumulative = 0L;
        for (var i = 0; i < bounds.Length; i++)
            Sample(text, "_bucket", Join(series.Labels, Number(bounds[i])), cumulative += series.InBucket(i));
        cumulative += series.InBucket(bounds.Length); // counted once, so that the count is that of the buckets whatever is recorded meanwhile
        Sample(text, "_bucket", Join(series.Labels, "+Inf"), cumulative);
        Sample(text, "_sum", series.Labels, series.Value);
        Sample(text, "_count", series.Labels, cumulative);
    }

    private void Sample(StringBuilder text, string suffix, string labels, double value)
    {
        text.Append(_name).Append(suffix);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static Type KindOf(Instrument instrument) => instrument.GetType() is { IsGenericType: true } type ? type.GetGenericTypeDefinition() : typeof(Gauge<>);

    private static bool IsCounter(Type kind) => kind == typeof(Counter<>) || kind == typeof(ObservableCounter<>);

    private static string Underscored(string name) => name.Replace('.', '_').Replace('-', '_');

    private static string Join(string labels, string bound) => labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Labels(KeyValuePair<string, object?>[] tags)
        => string.Join(',', tags.Select(tag => $"{Underscored(tag.Key)}=\"{Escaped(Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "")}\""));

    private static string Escaped(string value)
        => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
