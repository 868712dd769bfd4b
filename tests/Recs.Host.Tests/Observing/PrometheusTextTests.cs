using System.Diagnostics.Metrics;
using Recs.Host.Observing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Observing;

public class PrometheusTextTests
{
    [Fact]
    public void Counters_gauges_and_histograms_read_as_prometheus_expects()
    {
        using var text = new PrometheusText();
        using var meter = new Meter("Recs.Test." + Guid.NewGuid().ToString("N"));
        var name = "t" + Guid.NewGuid().ToString("N");
        var counter = meter.CreateCounter<long>(name + ".asked", description: "What was asked.");
        var histogram = meter.CreateHistogram<double>(name + ".seconds", advice: new() { HistogramBucketBoundaries = [0.1, 1] });
        meter.CreateObservableGauge(name + ".depth", () => 7);
        counter.Add(1, new KeyValuePair<string, object?>("status", 200));
        counter.Add(2, new KeyValuePair<string, object?>("status", 200));
        counter.Add(1, new KeyValuePair<string, object?>("status", "a\"b"));
        histogram.Record(0.05);
        histogram.Record(0.5);
        histogram.Record(5);
        var lines = text.Write().Split('\n').Where(l => l.Contains(name, StringComparison.Ordinal)).ToArray();
        lines.ShouldBe(
        [
            $"# HELP {name}_asked_total What was asked.", $"# TYPE {name}_asked_total counter", $"{name}_asked_total{{status=\"200\"}} 3", $"{name}_asked_total{{status=\"a\\\"b\"}} 1",
            $"# HELP {name}_depth {name}.depth", $"# TYPE {name}_depth gauge", $"{name}_depth 7",
            $"# HELP {name}_seconds {name}.seconds", $"# TYPE {name}_seconds histogram",
            $"{name}_seconds_bucket{{le=\"0.1\"}} 1", $"{name}_seconds_bucket{{le=\"1\"}} 2", $"{name}_seconds_bucket{{le=\"+Inf\"}} 3", $"{name}_seconds_sum 5.55", $"{name}_seconds_count 3",
        ]);
    }
}
