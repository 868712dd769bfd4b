using System.Net;

namespace Recs.Host.Securing;

/// <summary>
/// Demo mode answers writes without a token, so it must answer only this machine's own user: a page of some other site must not reach it through the browser,
/// neither by a name that resolves to loopback (Host) nor by a request of its own (Origin).
/// </summary>
internal static class LoopbackGuard
{
    /// <summary>403 unless Host, and Origin where there is one, name this machine.</summary>
    public static async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var origin = http.Request.Headers.Origin;
        if (!IsLoopback(http.Request.Host.Host) || PortOf(http.Request) != http.Connection.LocalPort)
            await RefuseAsync(http, $"Demo mode answers only requests to localhost and its own port; this one names '{http.Request.Host}'.");
        else if (origin.Count > 0 && !(origin.Count == 1 && Uri.TryCreate(origin[0], UriKind.Absolute, out var uri) && IsLoopback(uri.Host) && uri.Port == http.Connection.LocalPort))
            await RefuseAsync(http, $"Demo mode answers only pages of its own; this request comes from '{origin}'.");
        else if (http.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
            await RefuseAsync(http, "Demo mode answers only pages of its own; this request was made by a page of another site.");
        else
            await next(http);
    }

    /// <summary>A Host without a port means the scheme's own.</summary>
    private static int PortOf(HttpRequest request) => request.Host.Port ?? (request.IsHttps ? 443 : 80);

    private static bool IsLoopback(string host)
        => string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static Task RefuseAsync(HttpContext http, string detail)
        => Results.Problem(detail, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(http);
}
