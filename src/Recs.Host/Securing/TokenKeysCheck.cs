using Microsoft.Extensions.Diagnostics.HealthChecks;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Securing;

/// <summary>Whether tokens can be checked, as <c>/readyz</c> says it. A service without any key is ready: what is open is answered.</summary>
internal sealed class TokenKeysCheck(ITokenKeys keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult((keys.Trouble, keys.Any) switch
        {
            (null, true) => HealthCheckResult.Healthy("Tokens can be checked."),
            (null, false) => HealthCheckResult.Healthy("No key to check tokens with: whatever needs a token answers 401."),
            ({ } trouble, true) => HealthCheckResult.Degraded(trouble),
            ({ } trouble, false) => HealthCheckResult.Unhealthy(trouble),
        });
}
