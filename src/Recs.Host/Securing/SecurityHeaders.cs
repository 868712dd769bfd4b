namespace Recs.Host.Securing;

/// <summary>What browsers are told about every answer. A route that knows better overwrites it.</summary>
internal static class SecurityHeaders
{
    /// <summary>Answers are data: nothing in them may run, load or be framed.</summary>
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Pages of our own load scripts, styles and pictures of our own only; the API page writes its styles into the document.</summary>
    private const string PagePolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Sets the headers before anything else can answer.</summary>
    public static Task SetAsync(HttpContext http, RequestDelegate next)
    {
        Set(http);
        return next(http);
    }

    /// <summary>Sets the headers; again after an error cleared them.</summary>
    public static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        var page = http.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = page ? PagePolicy : DataPolicy;
        if (!page)
            headers.CacheControl = "no-store";
        if (http.Request.IsHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
    }
}
