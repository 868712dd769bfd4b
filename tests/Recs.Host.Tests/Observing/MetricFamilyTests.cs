using System.Diagnostics.Metrics;
using Recs.Host.Observing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Observing;

public sealed class MetricFamilyTests : IDisposable
{
    private readonly Meter meter = new("Recs.Test." + Guid.NewGuid().ToString("N"));
    private readonly string name = "t" + Guid.NewGuid().ToString("N");
    private readonly PrometheusText text = new();

    public void Dispose()
    {
        text.Dispose();
        meter.Dispose();
    }

    private string[] Samples() => [.. text.Write().Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))];

    [Fact]
    public void a_label_with_endless_values_ends_in_one_series_of_others()
    {
        var counter = meter.CreateCounter<long>(name);
        for (var i = 0; i < MetricFamily.MostSeries + 100; i++) counter.Add(1, new KeyValuePair<string, object?>("who", i));
        Samples().Length.ShouldBe(MetricFamily.MostSeries + 1);
        Samples().ShouldContain($"{name}_total{{who=\"other\"}} 100");
    }

    [Fact]
    public void a_measurement_of_a_known_series_allocates_nothing()
    {
        var (counter, histogram) = (meter.CreateCounter<long>(name), meter.CreateHistogram<double>(name + "_seconds"));
        object status = 200;
        void Measure()
        {
            counter.Add(1, new("status", status), new("model", "m"), new("variant", "none"));
            histogram.Record(0.003);
        }
        for (var i = 0; i < 1000; i++) Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Measure();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void what_is_observed_no_more_is_shown_no_more()
    {
        var version = "v1";
        meter.CreateObservableGauge(name, () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", version)));
        Samples().ShouldBe([$"{name}{{version=\"v1\"}} 1"]);
        version = "v2";
        Samples().ShouldBe([$"{name}{{version=\"v2\"}} 1"]);
    }

    [Fact]
    public void counts_of_many_threads_are_all_there()
    {
        var histogram = meter.CreateHistogram<double>(name);
        Parallel.For(0, 10_000, i => histogram.Record(i % 2 == 0 ? 0.5 : 100));
        Samples().ShouldContain($"{name}_count 10000");
        Samples().ShouldContain($"{name}_bucket{{le=\"10\"}} 5000");
        Samples().ShouldContain($"{name}_sum 502500");
    }
}
