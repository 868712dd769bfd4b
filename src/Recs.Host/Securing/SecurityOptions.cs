using System.Net;
using Recs.Host.Securing.Limits;

namespace Recs.Host.Securing;

/// <summary>Whom the service lets in, and how often.</summary>
internal sealed record SecurityOptions
{
    /// <summary>File with the secret of HS256 tokens; null for none. It is read again whenever it changes, and may come later.</summary>
    public string? SecretFile { get; init; }

    /// <summary>Address of a JWKS document with the public keys of RS256 and ES256 tokens; null for none.</summary>
    public Uri? JwksAddress { get; init; }

    /// <summary>How old fetched keys may grow before they are fetched again.</summary>
    public TimeSpan JwksMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long fetched keys stay valid while fetching fails.</summary>
    public TimeSpan JwksMaxStale { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What claim <c>iss</c> must be; null for anything.</summary>
    public string? Issuer { get; init; }

    /// <summary>What claim <c>aud</c> must be or hold; null for anything.</summary>
    public string? Audience { get; init; }

    /// <summary>Requests a minute, by kind of caller.</summary>
    public RateLimits Limits { get; init; } = new();

    /// <summary>Proxies whose <c>X-Forwarded-For</c> is believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Origins whose pages may call; none: CORS is closed.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>The wall clock. Tokens and limits follow it also where events follow a simulated one.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
