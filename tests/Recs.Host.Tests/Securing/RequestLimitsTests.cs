using System.Net;
using System.Security.Claims;
using Recs.Contracts.Callers;
using Recs.Host.Securing.Limits;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class RequestLimitsTests
{
    private static readonly UInt128 Here = ClientAddress.KeyOf(IPAddress.Parse("192.0.2.1")), There = ClientAddress.KeyOf(IPAddress.Parse("192.0.2.2"));
    private static readonly ClaimsPrincipal Ann = Caller.Of("ann", CallerRoles.User), Ben = Caller.Of("ben", CallerRoles.User);
    private static readonly ClaimsPrincipal Program = Caller.Of("program", CallerRoles.Service);
    private readonly TestClock clock = new();

    private RequestLimits Limits(RateLimits limits) => new(limits, clock);

    private static int Passed(int tries, Func<LimitRefusal?> take) => Enumerable.Range(0, tries).Count(_ => take() is null);

    [Fact]
    public void the_defaults_are_those_of_the_documents()
    {
        var limits = Limits(new() { BlockAfter = 0 });
        Passed(1000, () => limits.Take(null, Here, "/movies")).ShouldBe(60);
        Passed(1000, () => limits.Take(null, There, "/recommend/1")).ShouldBe(30);
        Passed(1000, () => limits.Take(Ann, Here, "/recommend/1")).ShouldBe(600);
        Passed(10_000, () => limits.Take(Program, Here, "/recommend/1")).ShouldBe(10_000);
    }

    [Fact]
    public void users_are_told_apart_by_subject_and_anonymous_callers_by_address()
    {
        var limits = Limits(new() { Anonymous = 1, User = 1, BlockAfter = 0 });
        limits.Take(Ann, Here, "/x").ShouldBeNull();
        limits.Take(Ann, There, "/x")!.Value.Policy.ShouldBe("user");
        limits.Take(Ben, Here, "/x").ShouldBeNull();
        limits.Take(null, Here, "/x").ShouldBeNull();
        limits.Take(null, Here, "/x")!.Value.Policy.ShouldBe("anonymous");
        limits.Take(null, There, "/x").ShouldBeNull();
    }

    [Fact]
    public void slates_without_a_token_are_limited_harder_than_the_rest()
    {
        var limits = Limits(new() { Anonymous = 10, Recommend = 2, BlockAfter = 0 });
        Passed(5, () => limits.Take(null, Here, "/recommend/1")).ShouldBe(2);
        limits.Take(null, Here, "/Recommend/1")!.Value.Policy.ShouldBe("recommend");
        limits.Take(null, Here, "/movies").ShouldBeNull();
    }

    [Fact]
    public void a_refused_caller_is_told_how_long_to_wait()
    {
        var limits = Limits(new() { Anonymous = 6, BlockAfter = 0 });
        Passed(6, () => limits.Take(null, Here, "/x"));
        limits.Take(null, Here, "/x")!.Value.Wait.ShouldBe(10, 0.001);
        clock.Pass(4);
        limits.Take(null, Here, "/x")!.Value.Wait.ShouldBe(6, 0.001);
        clock.Pass(6.01);
        limits.Take(null, Here, "/x").ShouldBeNull();
    }

    [Fact]
    public void whoever_goes_on_asking_is_blocked_by_address_for_a_while_and_then_no_more()
    {
        var limits = Limits(new() { Anonymous = 1, BlockAfter = 3 });
        limits.Take(null, Here, "/x");
        limits.Take(null, Here, "/x")!.Value.Policy.ShouldBe("anonymous");
        limits.Take(null, Here, "/x")!.Value.Policy.ShouldBe("anonymous");
        limits.Take(null, Here, "/x").ShouldBe(new LimitRefusal("blocked", 300));
        clock.Pass(100);
        limits.Take(null, Here, "/x").ShouldBe(new LimitRefusal("blocked", 200));
        limits.Take(Ann, Here, "/x")!.Value.Policy.ShouldBe("blocked");
        limits.Take(null, There, "/x").ShouldBeNull();
        clock.Pass(200);
        limits.Take(null, Here, "/x").ShouldBeNull();
    }

    [Fact]
    public void refusals_now_and_then_block_nobody()
    {
        var limits = Limits(new() { Anonymous = 1, BlockAfter = 3 });
        for (var i = 0; i < 20; i++)
        {
            (limits.Take(null, Here, "/x")?.Policy ?? "anonymous").ShouldBe("anonymous");
            clock.Pass(31);
        }
    }

    [Fact]
    public void a_service_is_not_blocked_for_what_others_do_at_its_address()
    {
        var limits = Limits(new() { Anonymous = 1, BlockAfter = 1, Service = 5 });
        Passed(3, () => limits.Take(null, Here, "/x"));
        limits.Take(Program, Here, "/x").ShouldBeNull();
        Passed(10, () => limits.Take(Program, There, "/x")).ShouldBe(4, "set limits hold for services too");
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    public void a_probe_does_not_starve_when_its_address_is_blocked(string probe)
    {
        var limits = Limits(new() { Anonymous = 1, BlockAfter = 1, Probes = 100 });
        Passed(3, () => limits.Take(null, Here, "/x"));
        Passed(1000, () => limits.Take(null, Here, probe)).ShouldBe(100);
        limits.Take(null, Here, probe)!.Value.Policy.ShouldBe("probes");
    }

    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void an_ipv6_subscriber_is_its_network_of_64_bits(string one, string other, bool same)
        => (ClientAddress.KeyOf(IPAddress.Parse(one)) == ClientAddress.KeyOf(IPAddress.Parse(other))).ShouldBe(same);
}
