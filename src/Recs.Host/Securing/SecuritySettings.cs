using System.Net;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Securing.Limits;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Securing;

/// <summary>Reads the settings of tokens, limits, proxies and origins.</summary>
internal static class SecuritySettings
{
    private const int MostPerMinute = 1_000_000, Day = 24 * 3600;

    /// <summary>Settings that <c>recs up</c> takes as flags.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        Setting.JwtSecretFile, Setting.JwksUrl, Setting.JwksMaxAge, Setting.JwksMaxStale, Setting.JwtIssuer, Setting.JwtAudience,
        Setting.LimitAnonymous, Setting.LimitRecommend, Setting.LimitUser, Setting.LimitService, Setting.LimitAdmin, Setting.LimitProbes, Setting.BlockAfter, Setting.BlockSeconds,
        Setting.TrustedProxies, Setting.CorsOrigins,
    ];

    /// <summary>Reads them all; a configured secret must be good already.</summary>
    /// <exception cref="UsageException">One of them is not what it must be.</exception>
    public static SecurityOptions Of(Settings settings)
    {
        var jwks = Jwks(settings[Setting.JwksUrl]);
        return new()
        {
            SecretFile = SecretPath(settings, jwks is not null),
            JwksAddress = jwks,
            JwksMaxAge = TimeSpan.FromSeconds(settings.Number(Setting.JwksMaxAge, 1, Day)),
            JwksMaxStale = TimeSpan.FromSeconds(settings.Number(Setting.JwksMaxStale, 1, 30 * Day)),
            Issuer = NullIfEmpty(settings[Setting.JwtIssuer]),
            Audience = NullIfEmpty(settings[Setting.JwtAudience]),
            Limits = new RateLimits
            {
                Anonymous = settings.Number(Setting.LimitAnonymous, 0, MostPerMinute),
                Recommend = settings.Number(Setting.LimitRecommend, 0, MostPerMinute),
                User = settings.Number(Setting.LimitUser, 0, MostPerMinute),
                Service = settings.Number(Setting.LimitService, 0, MostPerMinute),
                Admin = settings.Number(Setting.LimitAdmin, 0, MostPerMinute),
                Probes = settings.Number(Setting.LimitProbes, 0, MostPerMinute),
                BlockAfter = settings.Number(Setting.BlockAfter, 0, MostPerMinute),
                BlockFor = TimeSpan.FromSeconds(settings.Number(Setting.BlockSeconds, 1, Day)),
            },
            TrustedProxies = [.. List(settings[Setting.TrustedProxies]).Select(Network)],
            CorsOrigins = [.. List(settings[Setting.CorsOrigins]).Select(Origin)],
        };
    }

    /// <summary>The configured secret file; with none, that of the home, unless keys come from elsewhere.</summary>
    private static string? SecretPath(Settings settings, bool hasOthers)
    {
        if (NullIfEmpty(settings[Setting.JwtSecretFile]) is not { } path)
            return hasOthers ? null : SecretFile.OfHome(settings[Setting.Home]);
        try
        {
            SecretFile.Read(path);
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException($"--{Setting.JwtSecretFile.Name}: {e.Message}", e);
        }
    }

    private static Uri? Jwks(string text)
    {
        if (text.Length == 0)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            ? address
            : throw new UsageException($"--{Setting.JwksUrl.Name} '{Secret.Mask(text)}' is not an https:// address without a password (http:// does for this machine alone): whoever can change those keys on the way is every user.");
    }

    private static IPNetwork Network(string text)
        => IPNetwork.TryParse(text, out var network) ? network
            : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new UsageException($"--{Setting.TrustedProxies.Name}: '{text}' is neither an IP address nor a network such as 10.0.0.0/8.");

    private static string Origin(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
            ? text
            : throw new UsageException($"--{Setting.CorsOrigins.Name}: '{text}' is not an origin such as https://app.example.com (scheme, host, port and nothing else).");

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
