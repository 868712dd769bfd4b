using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Recs.Contracts.Callers;
using Recs.Queries.Serving;

namespace Recs.Host.Listening;

/// <summary>
/// Who calls. In demo mode (loopback only, see <see cref="LoopbackGuard"/>) everybody is the demo's user; otherwise nobody is known until tokens exist, so
/// whatever needs a caller answers 401.
/// </summary>
internal sealed class CallerAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ServingOptions serving)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Bearer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!serving.Demo)
            return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new(Caller.SubjectClaim, "demo"), new(Caller.RoleClaim, CallerRoles.Service), new(Caller.RoleClaim, CallerRoles.Admin)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        await Results.Problem(
            "This needs a token, and this service knows no key to check one with. On this machine alone it can be answered without: 'recs demo', or 'recs up --demo on' (loopback only).",
            statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }
}
