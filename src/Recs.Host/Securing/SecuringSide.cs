using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.OpenApi;
using Recs.Contracts.Callers;
using Recs.Host.Securing.Limits;
using Recs.Host.Securing.Tokens;

namespace Recs.Host.Securing;

/// <summary>Registers and wires what stands between the network and the routes.</summary>
internal static class SecuringSide
{
    /// <summary>Registers tokens, limits, policies and CORS.</summary>
    public static void AddSecuring(this IServiceCollection services, SecurityOptions options, bool demo)
    {
        services.AddSingleton(options)
            .AddSingleton<ITokenKeys>(_ => TokenKeys.Of(options))
            .AddSingleton<VerifyToken>()
            .AddSingleton<VerifiedTokens>()
            .AddSingleton(new RequestLimits(options.Limits, options.Clock))
            .AddSingleton(s => new Admission(s.GetRequiredService<VerifiedTokens>(), s.GetRequiredService<RequestLimits>(), demo));
        services.AddHealthChecks().Add(new("tokens", s => new TokenKeysCheck(s.GetRequiredService<ITokenKeys>(), demo), null, null));
        services.AddAuthenticationCore(core => core.DefaultScheme = BearerAuthentication.SchemeName).AddWebEncoders(); // AddAuthentication would also keep keys for cookies in the home folder
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder().SetDefaultPolicy(Policy([.. CallerRoles.All]))
            .AddPolicy(AccessPolicies.Caller, Policy([.. CallerRoles.All]))
            .AddPolicy(AccessPolicies.Trusted, Policy(CallerRoles.Service, CallerRoles.Admin))
            .AddPolicy(AccessPolicies.Admin, Policy(CallerRoles.Admin));
        services.ConfigureAll<OpenApiOptions>(document => document.AddDocumentTransformer<SecurityInOpenApi>().AddOperationTransformer<SecurityInOpenApi>());
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.CorsOrigins])
            .WithMethods("GET", "POST", "PUT", "DELETE")
            .WithHeaders("Authorization", "Content-Type", "Idempotency-Key", "X-Recs-Channel", "traceparent")
            .WithExposedHeaders("Retry-After", "WWW-Authenticate", "X-Request-Id", "X-Recs-Request-Id", "X-Recs-Model-Version", "X-Recs-Data-Snapshot", "X-Recs-Code-Revision",
                "X-Recs-Experiment", "X-Recs-Sequence", "X-Recs-Stream-Version")));
    }

    /// <summary>Puts the door before everything that answers.</summary>
    public static void UseSecuring(this WebApplication app, bool demo)
    {
        var options = app.Services.GetRequiredService<SecurityOptions>();
        if (options.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(Forwarded(options.TrustedProxies));
        app.Use(next => http => SecurityHeaders.SetAsync(http, next));
        if (demo)
            app.Use(next => http => LoopbackGuard.CheckAsync(http, next));
        if (options.CorsOrigins.Count > 0)
            app.UseCors();
        var admission = app.Services.GetRequiredService<Admission>();
        app.Use(next => http => admission.AdmitAsync(http, next));
    }

    /// <summary>The caller's address is the last one that no trusted proxy names itself by.</summary>
    private static ForwardedHeadersOptions Forwarded(IReadOnlyList<System.Net.IPNetwork> proxies)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear(); // loopback is among them by default
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            options.KnownIPNetworks.Add(proxy);
        return options;
    }

    private static AuthorizationPolicy Policy(params string[] roles)
        => new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim(Caller.RoleClaim, roles).Build();
}
