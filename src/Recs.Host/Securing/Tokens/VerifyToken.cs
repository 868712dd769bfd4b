using System.Security.Cryptography;
using System.Text.Json;
using JWT;
using JWT.Exceptions;

namespace Recs.Host.Securing.Tokens;

/// <summary>Checks a token: form, algorithm, key, signature, claims, in that order.</summary>
internal sealed class VerifyToken(ITokenKeys keys, SecurityOptions options) : IDateTimeProvider
{
    private const int LongestToken = 8 * 1024;
    private static readonly JwtBase64UrlEncoder Base64Url = new();
    private static readonly TokenJson Json = new();

    /// <summary>Checks a token.</summary>
    /// <param name="token">Three parts in base64url with dots between.</param>
    /// <param name="cancel">Stops waiting for keys that must be fetched.</param>
    public async ValueTask<TokenVerdict> CheckAsync(string token, CancellationToken cancel)
    {
        if (token.Length > LongestToken)
            return TokenVerdict.Refused($"It is longer than {LongestToken} characters.");
        try
        {
            var parts = new JwtParts(token);
            var header = TokenJson.Read(Base64Url.Decode(parts.Header));
            var algorithm = TokenJson.Text(header, "alg");
            if (algorithm is not ("HS256" or "RS256" or "ES256"))
                return TokenVerdict.Refused("Its algorithm (alg) is none of HS256, RS256 and ES256.");
            if (header.TryGetProperty("crit", out _))
                return TokenVerdict.Refused("It demands extensions (crit) that this service does not know.");
            if (await keys.FindAsync(algorithm, TokenJson.Text(header, "kid"), cancel) is not { } key)
                return TokenVerdict.Refused(keys.Any ? $"This service has no key of that id for {algorithm}." : "This service has no key to check it with.");
            Validate(parts, key);
            return TokenClaims.Judge(TokenJson.Read(Base64Url.Decode(parts.Payload)), options.Clock.GetUtcNow(), options.Issuer, options.Audience);
        }
        catch (TokenExpiredException)
        {
            return TokenVerdict.Refused("It has expired.");
        }
        catch (SignatureVerificationException e)
        {
            return TokenVerdict.Refused(e.Message.Contains("not yet valid", StringComparison.Ordinal) ? "It is not valid yet (nbf)." : "Its signature does not hold, or a time in it is no number.");
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or CryptographicException or IndexOutOfRangeException)
        {
            return TokenVerdict.Refused("It is no JSON Web Token in three parts."); // the library's words may quote the token
        }
    }

    DateTimeOffset IDateTimeProvider.GetNow() => options.Clock.GetUtcNow();

    /// <summary>With the key's own algorithm, whatever the token's header says. A key's native handle is used by one thread at a time.</summary>
    private void Validate(JwtParts parts, TokenKey key)
    {
        var decoder = new JwtDecoder(Json, new JwtValidator(Json, this, (int)TokenClaims.Skew.TotalSeconds), Base64Url, key.Algorithm);
        lock (key)
            decoder.Validate(parts, key.Secret);
    }
}
