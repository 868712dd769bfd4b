using Microsoft.Extensions.Diagnostics.HealthChecks;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Securing;

/// <summary>Whether tokens can be checked, as <c>/readyz</c> says it. A service without any key is ready: what is open is answered.</summary>
/// <param name="keys">The keys.</param>
/// <param name="demo">Whoever is on this machine needs no token, so nothing waits for a key.</param>
internal sealed class TokenKeysCheck(ITokenKeys keys, bool demo) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult((keys.Trouble, keys.Any) switch
        {
            (null, true) => HealthCheckResult.Healthy(demo ? "Demo mode: this machine needs no token; one that comes along is checked." : "Tokens can be checked."),
            (null, false) when demo => HealthCheckResult.Healthy("Demo mode: this machine needs no token; without a key one that comes along is refused."),
            (null, false) => HealthCheckResult.Healthy("No key to check tokens with: whatever needs a token answers 401."),
            ({ } trouble, var any) when any || demo => HealthCheckResult.Degraded(trouble),
            ({ } trouble, _) => HealthCheckResult.Unhealthy(trouble),
        });
}
