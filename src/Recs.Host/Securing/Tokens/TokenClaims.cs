using System.Security.Claims;
using System.Text.Json;
using Recs.Contracts.Callers;

namespace Recs.Host.Securing.Tokens;

/// <summary>What a token whose signature holds says; everything that is not about keys.</summary>
internal static class TokenClaims
{
    /// <summary>How far the clocks of issuer and service may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private const int LongestSubject = 200;

    /// <summary>Reads and judges the claims.</summary>
    /// <param name="claims">The token's payload.</param>
    /// <param name="now">Current time.</param>
    /// <param name="issuer">Demanded <c>iss</c>; null for any.</param>
    /// <param name="audience">Demanded <c>aud</c>; null for any.</param>
    /// <exception cref="JsonException">A claim has another type than it must have.</exception>
    public static TokenVerdict Judge(JsonElement claims, DateTimeOffset now, string? issuer, string? audience)
    {
        if (Time(claims, "exp") is not { } expires)
            return TokenVerdict.Refused("It has no expiry (exp).");
        if (expires + Skew <= now)
            return TokenVerdict.Refused("It has expired.");
        if (Time(claims, "nbf") is { } from && from - Skew > now)
            return TokenVerdict.Refused("It is not valid yet (nbf).");
        if (Time(claims, "iat") is { } issued && issued - Skew > now)
            return TokenVerdict.Refused("It was issued in the future (iat).");
        if (issuer is not null && TokenJson.Text(claims, "iss") != issuer)
            return TokenVerdict.Refused("It is from another issuer (iss).");
        if (audience is not null && !Texts(claims, "aud").Contains(audience, StringComparer.Ordinal))
            return TokenVerdict.Refused("It is for another audience (aud).");
        if (TokenJson.Text(claims, Caller.SubjectClaim) is not { Length: > 0 and <= LongestSubject } subject || subject.Any(char.IsControl))
            return TokenVerdict.Refused($"It has no subject (sub) of 1 to {LongestSubject} characters.");
        var roles = Texts(claims, "role").Concat(Texts(claims, "roles")).Where(role => CallerRoles.All.Contains(role)).Distinct();
        return new(Caller.Of(subject, roles), expires + Skew, null);
    }

    /// <summary>Seconds since 1970, with or without a fraction.</summary>
    private static DateTimeOffset? Time(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253402300799
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : throw new JsonException($"'{name}' is not a time in seconds since 1970.");
    }

    /// <summary>One text, or an array of texts.</summary>
    private static List<string> Texts(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
            return [];
        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String) => [.. value.EnumerateArray().Select(one => one.GetString()!)],
            _ => throw new JsonException($"'{name}' is neither text nor an array of texts."),
        };
    }
}

/// <summary>What became of a token.</summary>
/// <param name="Caller">Its bearer; null if it is refused.</param>
/// <param name="ValidUntil">When the verdict ends at the latest.</param>
/// <param name="Reason">Why it is refused, in words that may be shown to whoever sent it; null if it is not.</param>
internal sealed record TokenVerdict(ClaimsPrincipal? Caller, DateTimeOffset ValidUntil, string? Reason)
{
    /// <summary>A refusal.</summary>
    public static TokenVerdict Refused(string reason) => new(null, DateTimeOffset.MinValue, reason);
}
