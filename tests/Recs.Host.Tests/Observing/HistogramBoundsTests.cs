using System.Diagnostics.Metrics;
using Recs.Host.Observing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Observing;

public sealed class HistogramBoundsTests
{
    [Fact]
    public void a_histogram_of_whole_numbers_has_the_buckets_that_it_advises()
    {
        using var text = new PrometheusText();
        using var meter = new Meter("Recs.Test." + Guid.NewGuid().ToString("N"));
        var name = "t" + Guid.NewGuid().ToString("N");
        var histogram = meter.CreateHistogram<long>(name, advice: new() { HistogramBucketBoundaries = [1, 4096] });
        histogram.Record(64);
        text.Write().Split('\n').Where(line => line.StartsWith(name + "_bucket", StringComparison.Ordinal))
            .ShouldBe([$"{name}_bucket{{le=\"1\"}} 0", $"{name}_bucket{{le=\"4096\"}} 1", $"{name}_bucket{{le=\"+Inf\"}} 1"]);
    }
}
