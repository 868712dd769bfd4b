using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Recs.Host.Observing;

/// <summary>
/// Collects this process's meters whose names begin with <c>Recs</c> and writes them in Prometheus' text format 0.0.4. Instruments bear the names that
/// Prometheus shows (dots become underscores, counters end in <c>_total</c>). Recording a measurement allocates nothing once its series exists.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    /// <summary>Content type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();

    /// <summary>Starts to collect.</summary>
    public PrometheusText()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("Recs", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(MetricFamily.NameOf(instrument), _ => new(instrument)));
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.Start();
    }

    /// <summary>Everything measured so far.</summary>
    public string Write()
    {
        lock (_writing)
        {
            foreach (var family in _families.Values)
                family.ForgetObserved(); // a model or projection that is gone must not stay as it was
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            foreach (var (_, family) in _families.OrderBy(f => f.Key, StringComparer.Ordinal))
                family.Write(text);
            return text.ToString();
        }
    }

    /// <summary>Stops to collect.</summary>
    public void Dispose() => _listener.Dispose();
}
