using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Recs.Queries.Monitoring;

/// <summary>
/// Collects this process's meters whose names begin with <c>Recs</c> and writes them in Prometheus' text format 0.0.4: dots become underscores, counters end in
/// <c>_total</c>, histograms have cumulative buckets.
/// </summary>
public sealed class PrometheusText : IDisposable
{
    /// <summary>Content type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double[] DefaultBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, Family> _families = new();

    /// <summary>Starts to collect.</summary>
    public PrometheusText()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.Meter.Name.StartsWith("Recs", StringComparison.Ordinal))
                return;
            _families.TryAdd(instrument, new Family(instrument));
            listener.EnableMeasurementEvents(instrument, _families[instrument]);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((Family)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((Family)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((Family)family!).Measure(value, tags));
        _listener.Start();
    }

    /// <summary>Everything measured so far.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal))
            family.Write(text);
        return text.ToString();
    }

    /// <summary>Stops to collect.</summary>
    public void Dispose() => _listener.Dispose();

    private sealed class Family(Instrument instrument)
    {
        private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
        private readonly bool _counter = Is(instrument, typeof(Counter<>), typeof(ObservableCounter<>));
        private readonly bool _histogram = Is(instrument, typeof(Histogram<>));
        private readonly bool _adds = Is(instrument, typeof(Counter<>), typeof(UpDownCounter<>));
        private readonly double[] _bounds = instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
            _ => DefaultBounds,
        };

        public string Name { get; } = Underscored(instrument.Name) + (Is(instrument, typeof(Counter<>), typeof(ObservableCounter<>)) && !instrument.Name.EndsWith("total", StringComparison.Ordinal) ? "_total" : "");

        public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var series = _series.GetOrAdd(Labels(tags), _ => new Series(_histogram ? _bounds.Length : 0));
            lock (series)
            {
                series.Count++;
                series.Sum = _histogram || _adds ? series.Sum + value : value;
                for (var i = 0; _histogram && i < _bounds.Length; i++)
                    if (value <= _bounds[i])
                    {
                        series.Buckets[i]++;
                        break;
                    }
            }
        }

        public void Write(StringBuilder text)
        {
            if (_series.IsEmpty)
                return;
            text.Append("# HELP ").Append(Name).Append(' ').Append((instrument.Description ?? instrument.Name).Replace("\n", " ", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(_histogram ? " histogram\n" : _counter ? " counter\n" : " gauge\n");
            foreach (var (labels, series) in _series.OrderBy(s => s.Key, StringComparer.Ordinal))
                lock (series)
                {
                    if (!_histogram)
                    {
                        Line(text, "", labels, series.Sum);
                        continue;
                    }
                    var cumulative = 0L;
                    for (var i = 0; i < _bounds.Length; i++)
                        Line(text, "_bucket", Join(labels, $"le=\"{Number(_bounds[i])}\""), cumulative += series.Buckets[i]);
                    Line(text, "_bucket", Join(labels, "le=\"+Inf\""), series.Count);
                    Line(text, "_sum", labels, series.Sum);
                    Line(text, "_count", labels, series.Count);
                }
        }

        private void Line(StringBuilder text, string suffix, string labels, double value)
            => text.Append(Name).Append(suffix).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(Number(value)).Append('\n');

        private static bool Is(Instrument instrument, params Type[] kinds)
            => instrument.GetType() is { IsGenericType: true } type && kinds.Contains(type.GetGenericTypeDefinition());

        private static string Join(string labels, string label) => labels.Length == 0 ? label : labels + "," + label;

        private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length == 0)
                return "";
            var text = new StringBuilder();
            foreach (var (key, value) in tags)
                text.Append(text.Length == 0 ? "" : ",").Append(Underscored(key)).Append("=\"").Append(Escaped(value?.ToString() ?? "")).Append('"');
            return text.ToString();
        }

        private static string Underscored(string name) => name.Replace('.', '_').Replace('-', '_');

        private static string Escaped(string value)
            => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }

    private sealed class Series(int buckets)
    {
        public long Count;
        public double Sum;
        public readonly long[] Buckets = new long[buckets];
    }
}
