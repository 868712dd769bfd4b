using Microsoft.Extensions.Diagnostics.HealthChecks;
using Recs.Host.Securing;
using Recs.Host.Securing.Tokens;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Securing;

public sealed class TokenKeysCheckTests
{
    private static async Task<HealthCheckResult> CheckAsync(SecurityOptions options, bool demo)
    {
        using var keys = TokenKeys.Of(options);
        return await new TokenKeysCheck(keys, demo).CheckHealthAsync(new());
    }

    [Fact]
    public async Task without_a_key_whatever_needs_a_token_answers_401_but_not_in_demo_mode()
    {
        (await CheckAsync(new(), demo: false)).Description.ShouldNotBeNull().ShouldContain("401");
        var demo = await CheckAsync(new(), demo: true);
        (demo.Status, demo.Description).ShouldBe((HealthStatus.Healthy, "Demo mode: this machine needs no token; without a key one that comes along is refused."));
    }
}
