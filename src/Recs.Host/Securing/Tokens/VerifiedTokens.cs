using System.Collections.Concurrent;

namespace Recs.Host.Securing.Tokens;

/// <summary>
/// Remembers which <c>Authorization</c> headers hold a valid token, so that a caller's second request costs a look-up. A verdict ends with its token, and with
/// any change of the keys. Refusals are not remembered: whoever sends bad tokens shall not fill the memory.
/// </summary>
internal sealed class VerifiedTokens(ITokenKeys keys, VerifyToken verify, SecurityOptions options)
{
    private const string Prefix = "Bearer ";
    private const int Most = 20_000;
    private readonly ConcurrentDictionary<string, Known> known = new(StringComparer.Ordinal);

    private sealed record Known(TokenVerdict Verdict, int Generation);

    /// <summary>A verdict that holds still; null if the header must be checked.</summary>
    public TokenVerdict? Remembered(string header)
        => known.TryGetValue(header, out var found) && found.Generation == keys.Generation && found.Verdict.ValidUntil > options.Clock.GetUtcNow() ? found.Verdict : null;

    /// <summary>Checks the value of an <c>Authorization</c> header.</summary>
    public async ValueTask<TokenVerdict> CheckAsync(string header, CancellationToken cancel)
    {
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return TokenVerdict.Refused("The Authorization header must be 'Bearer' and a token.");
        var generation = keys.Generation; // before the check: keys that change meanwhile end the verdict
        var verdict = await verify.CheckAsync(header[Prefix.Length..].Trim(), cancel);
        if (verdict.Caller is null)
            return verdict;
        if (known.Count >= Most)
            known.Clear(); // a flood of valid tokens costs checks, not memory
        known[header] = new(verdict, generation);
        return verdict;
    }
}
