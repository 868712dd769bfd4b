using System.Security.Claims;
using Recs.Contracts.Callers;
using Recs.Host.Securing.Limits;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Securing;

/// <summary>
/// The door: says who calls, and sends away whose token does not hold (also where none is needed: nobody is silently anonymous) and who asks too often. In demo
/// mode everybody without a token is a service and an admin.
/// </summary>
internal sealed class Admission(VerifiedTokens tokens, RequestLimits limits, bool demo)
{
    private static readonly ClaimsPrincipal DemoCaller = Caller.Of("demo", CallerRoles.Service, CallerRoles.Admin);
    private static readonly ClaimsPrincipal Nobody = new(new ClaimsIdentity());

    /// <summary>Lets a request pass or answers it.</summary>
    public Task AdmitAsync(HttpContext http, RequestDelegate next)
    {
        var authorization = http.Request.Headers.Authorization;
        return authorization.Count switch
        {
            0 => Pass(http, demo ? DemoCaller : null, next),
            1 when tokens.Remembered(authorization[0] ?? "") is { } verdict => Pass(http, verdict.Caller, next),
            _ => CheckAsync(http, authorization, next),
        };
    }

    private async Task CheckAsync(HttpContext http, Microsoft.Extensions.Primitives.StringValues authorization, RequestDelegate next)
    {
        var verdict = authorization is [{ } header] ? await tokens.CheckAsync(header, http.RequestAborted) : TokenVerdict.Refused("There is more than one Authorization header.");
        await (verdict.Caller is { } caller ? Pass(http, caller, next)
            : Take(http, null) is { } refusal ? TooMany(http, refusal)
            : Unauthorized(http, verdict.Reason!));
    }

    private Task Pass(HttpContext http, ClaimsPrincipal? caller, RequestDelegate next)
    {
        if (Take(http, caller) is { } refusal)
            return TooMany(http, refusal);
        http.User = caller ?? Nobody;
        return next(http);
    }

    private LimitRefusal? Take(HttpContext http, ClaimsPrincipal? caller) => limits.Take(caller, ClientAddress.KeyOf(http.Connection.RemoteIpAddress), http.Request.Path);

    private static Task TooMany(HttpContext http, LimitRefusal refusal)
    {
        var seconds = (int)Math.Ceiling(refusal.Wait);
        http.Response.Headers.RetryAfter = seconds.ToString();
        return Results.Problem(
            refusal.Policy == "blocked"
                ? $"This address went on asking after it was refused; it is blocked for another {seconds} s."
                : $"Too many requests for the limit '{refusal.Policy}'. Ask again in {seconds} s{(refusal.Policy is "anonymous" or "recommend" ? ", or with a token, for which more is allowed" : "")}.",
            statusCode: StatusCodes.Status429TooManyRequests,
            extensions: new Dictionary<string, object?> { ["policy"] = refusal.Policy, ["retryAfter"] = seconds }).ExecuteAsync(http);
    }

    private static Task Unauthorized(HttpContext http, string reason)
    {
        http.Response.Headers.WWWAuthenticate = $"Bearer error=\"invalid_token\", error_description=\"{reason.Replace('"', '\'')}\"";
        return Results.Problem($"The token is not accepted. {reason}", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(http);
    }
}
