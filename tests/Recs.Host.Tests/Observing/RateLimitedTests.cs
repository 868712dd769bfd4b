using Recs.Host.Observing;
using Recs.Host.Securing.Limits;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Observing;

public sealed class RateLimitedTests
{
    [Fact]
    public void a_refusal_is_counted_by_its_policy()
    {
        using var text = new PrometheusText();
        var limits = new RequestLimits(new RateLimits { Recommend = 1 }, TimeProvider.System);
        var refusals = Enumerable.Range(0, 5).Count(_ => limits.Take(null, 1, "/recommend/1") is { Policy: "recommend" });
        refusals.ShouldBeGreaterThan(0);
        text.Write().ShouldContain("recs_rate_limited_total{policy=\"recommend\"} ");
    }
}
