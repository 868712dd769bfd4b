using JWT;
using JWT.Algorithms;
using Recs.Contracts.Callers;

namespace Recs.Host.Securing.Tokens;

/// <summary>Signs a bearer token with the service's own secret.</summary>
internal static class IssueToken
{
    /// <summary>Makes an HS256 token.</summary>
    /// <param name="secret">At least 32 bytes.</param>
    /// <param name="subject">User id or program's name.</param>
    /// <param name="roles">Of <see cref="CallerRoles"/>.</param>
    /// <param name="issued">Begin of its life.</param>
    /// <param name="lifetime">How long it is valid.</param>
    /// <param name="issuer">Claim <c>iss</c>; null for none.</param>
    /// <param name="audience">Claim <c>aud</c>; null for none.</param>
    public static string Sign(byte[] secret, string subject, IReadOnlyList<string> roles, DateTimeOffset issued, TimeSpan lifetime, string? issuer = null, string? audience = null)
    {
        Dictionary<string, object> claims = new()
        {
            [Caller.SubjectClaim] = subject,
            [Caller.RoleClaim] = roles is [var only] ? only : roles,
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["exp"] = (issued + lifetime).ToUnixTimeSeconds(),
        };
        if (issuer is not null)
            claims["iss"] = issuer;
        if (audience is not null)
            claims["aud"] = audience;
        return new JwtEncoder(new HMACSHA256Algorithm(), new TokenJson(), new JwtBase64UrlEncoder()).Encode(claims, secret);
    }
}
