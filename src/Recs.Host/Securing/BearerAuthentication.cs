using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Recs.Contracts.Callers;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Securing;

/// <summary>What a route that needs a caller answers to one who is not known or may not. Who calls, <see cref="Admission"/> has found out before.</summary>
internal sealed class BearerAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ITokenKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "Bearer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        => Task.FromResult(Context.User.IsKnown() ? AuthenticateResult.Success(new(Context.User, SchemeName)) : AuthenticateResult.NoResult());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return Results.Problem(
            keys.Any
                ? "This needs a token: header 'Authorization: Bearer TOKEN'. 'recs token' makes one where this service knows the secret."
                : "This needs a token, and this service knows no key to check one with: --jwt-secret-file, --jwks-url, or 'recs token' with the same home. "
                    + "On this machine alone it can be answered without: 'recs demo', or 'recs up --demo on' (loopback only).",
            statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy switch
        {
            AccessPolicies.Caller => "one of the roles user, service and admin",
            AccessPolicies.Admin => "the role admin",
            AccessPolicies.Trusted => "the role service or admin",
            _ => "another role",
        };
        Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        return Results.Problem($"The token's bearer may not do this; it needs {needed}.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(Context);
    }
}
